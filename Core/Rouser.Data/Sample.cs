namespace Rouser.Data;

/// <summary>One recording and its class.</summary>
/// <param name="Raster">The input spikes, <c>[T × N]</c>.</param>
/// <param name="Label">The class, from 0.</param>
public readonly record struct Sample(SpikeRaster Raster, int Label);
