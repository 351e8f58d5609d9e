using Rouser.Core.Data;
using Rouser.Core.Snn.Losses;

namespace Rouser.Core.Snn.Fused;

/// <summary>One sample through the network and back, on one lane. What it leaves in the layers depends on the sample alone.</summary>
internal sealed unsafe class SamplePass(TrainingSettings settings, IReadOnlyList<FusedLayer> layers, Kernels kernels)
{
    private readonly NeuronConstants _neuron = new(settings.Neuron, settings.Surrogate);
    private readonly Loss _loss = Loss.From(settings.Loss);
    private readonly int _steps = settings.StepCount;

    /// <summary>Runs one panel of the first layer.</summary>
    /// <remarks>Called for one panel after another, each for all samples: the panel's weights then stay in the second-level cache.</remarks>
    public void ForwardInput(in Sample sample, int b, int panel)
    {
        fixed (int* offsets = sample.Raster.StepOffsets)
        fixed (ushort* inputs = sample.Raster.Neurons)
            ForwardPanel(layers[0], offsets, inputs, b, panel);
    }

    /// <summary>Runs all layers but the first, which has been run, and returns the sample's loss; the loss's derivative is left in the lane.</summary>
    public double Forward(in Sample sample, int b, Lane lane)
    {
        List(layers[0], b, lane);
        for (int l = 1; l < layers.Count; l++)
        {
            for (int p = 0; p < layers[l].Panels; p++) ForwardPanel(layers[l], lane.Offsets.Pointer, lane.Neurons.Pointer, b, p);
            List(layers[l], b, lane);
        }

        FusedLayer output = layers[^1];
        Span<double> S = lane.Output.Span;
        S.Clear();
        for (int t = 0; t < _steps; t++)
        {
            for (int k = lane.Offsets.Pointer[t]; k < lane.Offsets.Pointer[t + 1]; k++) S[(t * output.Neurons) + lane.Neurons.Pointer[k]] = 1;
        }
        return _loss.Evaluate(S, output.Neurons, sample.Label, lane.OutputGradient.Span);
    }

    /// <summary>Takes the loss's derivative, divided by the batch's <paramref name="samples"/>, back through all layers.</summary>
    public void Backward(int b, int samples, Lane lane)
    {
        float* gS = lane.PanelGradient.Pointer;
        for (int l = layers.Count - 1; l >= 0; l--)
        {
            FusedLayer layer = layers[l];
            for (int p = 0; p < layer.Panels; p++)
            {
                if (l == layers.Count - 1) LossGradient(layer, p, samples, lane);
                else GradientFromAbove(layers[l + 1], p, b, gS);
                int column = p * Panel.Width;
                kernels.Backward(
                    _neuron, _steps, layer.Thresholds.Pointer + column, gS, layer.Potentials(p, b), layer.ThresholdGradient(b) + column);
            }
        }
    }

    private void ForwardPanel(FusedLayer layer, int* offsets, ushort* inputs, int b, int p) =>
        kernels.Forward(
            _neuron, _steps, layer.Lag, offsets, inputs, layer.Weights(p).W, layer.Thresholds.Pointer + (p * Panel.Width), layer.Potentials(p, b),
            layer.Spikes(b) + (p * _steps));

    private void List(FusedLayer layer, int b, Lane lane) =>
        SpikeBits.List(layer.Spikes(b), layer.Panels, _steps, lane.Offsets.Pointer, lane.Neurons.Pointer, layer.Counts(b));

    private void LossGradient(FusedLayer layer, int panel, int samples, Lane lane)
    {
        int from = panel * Panel.Width, columns = Math.Min(Panel.Width, layer.Neurons - from);
        lane.PanelGradient.Span.Clear();
        for (int t = 0; t < _steps; t++)
        {
            for (int i = 0; i < columns; i++)
                lane.PanelGradient.Pointer[(t * Panel.Width) + i] = (float)(lane.OutputGradient.Pointer[(t * layer.Neurons) + from + i] / samples);
        }
    }

    private void GradientFromAbove(FusedLayer above, int panel, int b, float* gS) =>
        kernels.Dense(_steps, above.Neurons, above.Potentials(0, b) + (above.Lag * Panel.Width), above.PotentialPanelStride, above.Transposed(panel), gS);
}
