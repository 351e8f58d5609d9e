namespace Rouser.Snn.Fused;

/// <summary>
/// From ∂L/∂I of all samples to new parameters. The work is cut into tasks, each a block of rows of one panel, in an
/// order that is the same for any number of threads; each task's sums are kept apart and added up in that order.
/// </summary>
internal sealed unsafe class BatchUpdate : IDisposable
{
    private const int RowsPerTask = 256;

    private readonly record struct RowBlock(int Layer, int Panel, int From, int To);

    private readonly TrainingSettings _settings;
    private readonly IReadOnlyList<FusedLayer> _layers;
    private readonly UpdateKernels _kernels;
    private readonly RowBlock[] _blocks;
    private readonly (int Layer, int Panel)[] _panels;
    private readonly NativeBuffer<float> _squares,
        _finite,
        _panelFinite;
    private readonly Action<int, int> _updateBlock,
        _updatePanel;
    private UpdateConstants _constants;
    private BatchPart _part;

    /// <summary>Plans the tasks.</summary>
    public BatchUpdate(TrainingSettings settings, IReadOnlyList<FusedLayer> layers, Kernels kernels)
    {
        (_settings, _layers, _kernels) = (settings, layers, kernels.For(settings.Optimizer));
        _panels =
        [
            .. layers.SelectMany((layer, l) => Enumerable.Range(0, WeightPanels.Count(layer.Columns)).Select(p => (l, p))),
        ];
        _blocks =
        [
            .. _panels.SelectMany(at =>
                Enumerable
                    .Range(0, (layers[at.Layer].Rows + RowsPerTask - 1) / RowsPerTask)
                    .Select(k => new RowBlock(
                        at.Layer,
                        at.Panel,
                        k * RowsPerTask,
                        Math.Min((k + 1) * RowsPerTask, layers[at.Layer].Rows)
                    ))
            ),
        ];
        _squares = new NativeBuffer<float>((nint)_blocks.Length * WeightPanels.Width);
        _finite = new NativeBuffer<float>((nint)_blocks.Length * WeightPanels.Width);
        _panelFinite = new NativeBuffer<float>((nint)_panels.Length * WeightPanels.Width);
        (_updateBlock, _updatePanel) = (UpdateBlock, UpdatePanel);
    }

    /// <summary>
    /// Adds what a part of the batch has laid in the layers to the weights' gradient. On the batch's last part, update
    /// number <paramref name="update"/> (from 1) of all parameters follows; it writes the gradients' norms into the
    /// result.
    /// </summary>
    /// <exception cref="NumericalFailureException">A weight, threshold or gradient is not finite.</exception>
    public void Run(BatchPart part, long update, int samples, ThreadTeam team, BatchResult result)
    {
        UpdateStep step = new(update, _settings.Schedule.FactorAt(update, _settings.Length));
        _part = part;
        _constants = _settings.Optimizer.ForWeights(step);
        team.Run(_blocks.Length, _updateBlock);
        if (!part.IsLast)
            return;
        double squares = TakeNeuronGradients(samples, result) + SumSquares(result);
        if (_settings.Optimizer.ClipNorm is { } clip)
        {
            step = step with { GradientFactor = (float)Math.Min(1, clip / Math.Sqrt(squares)) };
            _constants = _settings.Optimizer.ForWeights(step);
        }
        if (_settings.UpdatesLater)
            team.Run(_panels.Length, _updatePanel);
        for (int l = 0; l < _layers.Count; l++)
            UpdateNeurons(_layers[l], step, samples);
        // The top layer first: what is not finite there makes every gradient below it so too.
        for (int l = _layers.Count - 1; l >= 0; l--)
            ThrowUnlessFinite(l, update, result);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _squares.Dispose();
        _finite.Dispose();
        _panelFinite.Dispose();
    }

    private void UpdateBlock(int item, int thread)
    {
        RowBlock block = _blocks[item];
        FusedLayer layer = _layers[block.Layer];
        nint at = (nint)item * WeightPanels.Width;
        _kernels.Gradient(
            _constants,
            _part,
            block.From,
            block.To,
            layer.Events.Starts,
            layer.Events.Rows,
            layer.Events.Touched.Pointer,
            layer.GradientRows(block.Panel),
            layer.Weights(block.Panel),
            _squares.Pointer + at,
            _finite.Pointer + at
        );
    }

    private void UpdatePanel(int item, int thread)
    {
        (int l, int panel) = _panels[item];
        FusedLayer layer = _layers[l];
        float* finite = _panelFinite.Pointer + ((nint)item * WeightPanels.Width);
        if (_settings.Weights.Normalize)
            _kernels.Normalization(_constants, layer.Rows, layer.Weights(panel), finite);
        else
            _kernels.WrittenGradient(_constants, layer.Rows, layer.Events.Touched.Pointer, layer.Weights(panel), finite);
    }

    /// <summary>Takes the gradients of thresholds and decays, and the norms of the former.</summary>
    /// <returns>The squared norm of them all.</returns>
    private double TakeNeuronGradients(int samples, BatchResult result)
    {
        double sum = 0;
        for (int l = 0; l < _layers.Count; l++)
        {
            FusedLayer layer = _layers[l];
            double squares = layer.Thresholds.TakeGradient(layer, samples);
            result.ThresholdGradientNorms[l] = Math.Sqrt(squares);
            sum += squares;
            if (layer.Membrane.IsTrained)
                sum += layer.Membrane.TakeGradient(layer.MeanVoltageGradient(samples));
            if (layer.Current.IsTrained)
                sum += layer.Current.TakeGradient(layer.MeanCurrentGradient(samples));
            sum += layer.Normalization?.TakeGradient() ?? 0;
            sum += layer.Delays?.TakeGradient(layer.MeanDelayGradient(samples)) ?? 0;
        }
        return sum;
    }

    private static void UpdateNeurons(FusedLayer layer, UpdateStep step, int samples)
    {
        layer.Thresholds.Update(layer, step, samples);
        if (layer.Membrane.IsTrained)
            layer.Membrane.Update(step);
        if (layer.Current.IsTrained)
            layer.Current.Update(step);
        layer.Normalization?.Update(step);
        layer.Delays?.Update(step);
    }

    /// <summary>Takes the norms of the weights' gradients.</summary>
    /// <returns>The squared norm of them all.</returns>
    private double SumSquares(BatchResult result)
    {
        Span<double> norms = result.WeightGradientNorms;
        norms.Clear();
        for (int k = 0; k < _blocks.Length; k++)
        {
            foreach (float square in _squares.Span.Slice(k * WeightPanels.Width, WeightPanels.Width))
                norms[_blocks[k].Layer] += square;
        }
        double sum = 0;
        foreach (ref double norm in norms)
        {
            sum += norm;
            norm = Math.Sqrt(norm);
        }
        return sum;
    }

    private void ThrowUnlessFinite(int l, long update, BatchResult result)
    {
        bool weights = true,
            thresholds = true,
            decays = true,
            currents = true;
        for (int k = 0; k < _blocks.Length; k++)
            weights &= _blocks[k].Layer != l || IsZero(_finite, k);
        for (int k = 0; k < _panels.Length; k++)
            weights &= _panels[k].Layer != l || IsZero(_panelFinite, k);
        foreach (float threshold in _layers[l].Thresholds.Values.Span)
            thresholds &= float.IsFinite(threshold);
        foreach (float decay in _layers[l].Membrane.Values.Span)
            decays &= float.IsFinite(decay);
        foreach (float decay in _layers[l].Current.Values.Span)
            currents &= float.IsFinite(decay);
        string? what =
            !double.IsFinite(result.WeightGradientNorms[l]) ? "the gradient of the weights"
            : !double.IsFinite(result.ThresholdGradientNorms[l]) ? "the gradient of the thresholds"
            : !weights ? "a weight"
            : !thresholds ? "a threshold"
            : !decays ? "the decay of a membrane"
            : !currents ? "the decay of a current"
            : _layers[l].Normalization is { IsFinite: false } ? "a gain, bias or statistic of the normalisation"
            : _layers[l].Delays is { IsFinite: false } ? "a delay"
            : null;
        if (what is not null)
            throw new NumericalFailureException($"layer {l + 1}: {what} is not finite after update {update}");
    }

    private static bool IsZero(NativeBuffer<float> sums, int item)
    {
        float total = 0;
        foreach (float sum in sums.Span.Slice(item * WeightPanels.Width, WeightPanels.Width))
            total += sum;
        return total == 0;
    }
}
