namespace Rouser.Snn.Fused;

/// <summary>A tensor that a checkpoint keeps of a layer, <c>[rows × columns]</c>, as panels.</summary>
/// <param name="Name">Its name in <see cref="LayerState.Tensors"/>.</param>
/// <param name="Buffer">Where it lies.</param>
internal readonly record struct LayerTensor(string Name, NativeBuffer<float> Buffer, int Rows, int Columns);
