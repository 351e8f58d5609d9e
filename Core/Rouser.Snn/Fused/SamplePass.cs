using Rouser.Data;
using Rouser.Snn.Readouts;
using Rouser.Snn.Regularizers;

namespace Rouser.Snn.Fused;

/// <summary>
/// One sample through the network and back, in one workspace, one piece of time (<see cref="BatchPlan"/>) after
/// another. What it leaves in the layers depends on the sample alone. A sample has a number in its batch and a slot
/// among those that are worked on at once.
/// </summary>
internal sealed unsafe class SamplePass(TrainingSettings settings, BatchPlan plan, FusedLayer[] layers, Kernels kernels)
    : IDisposable
{
    private readonly NeuronConstants _neuron = new(settings);
    private readonly NeuronConstants _readoutNeuron = new(ReadoutLayer.Settings(settings));
    private readonly NeuronKernels _plain = kernels.For(settings),
        _plainReadout = kernels.For(ReadoutLayer.Settings(settings));
    private readonly NeuronKernels? _factored = layers.Any(l => l.HasInputFactors || l.IsRecurrent)
            ? kernels.For(settings, true)
            : null,
        _factoredReadout = layers[^1].HasInputFactors ? kernels.For(ReadoutLayer.Settings(settings), true) : null;
    private readonly Readout? _readout = settings.Readout;
    private readonly Regularizer? _regularizer = settings.Regularizer;
    private readonly bool _adapts = settings.Threshold.Form.HasState,
        _moves = settings.Threshold.MovesWithinBatch;
    private readonly int _steps = settings.StepCount;
    private readonly RecurrentPass? _recurrent = settings.IsRecurrent ? new RecurrentPass(settings, plan, kernels) : null;

    // No gradient passes back from step k·window to the step before.
    private readonly int _window = settings.GradientWindow ?? int.MaxValue;

    // ∂L/∂S of the output, [slots × T × N]; ∂L/∂V of a readout, whose potentials lie there until the loss is taken.
    private readonly NativeBuffer<float> _outputGradient = new((nint)plan.Samples * settings.StepCount * settings.LayerSizes[^1]);

    // [B × N], where the output does not spike.
    private readonly NativeBuffer<float> _logits = new(
        settings.Readout is null ? 0 : (nint)settings.BatchSize * settings.LayerSizes[^1]
    );

    /// <summary>Pieces that a sample's steps are cut into.</summary>
    public int Pieces { get; } = (settings.StepCount + plan.Steps - 1) / plan.Steps;

    /// <summary>The steps of a piece, from the first to one past the last.</summary>
    public (int From, int To) Piece(int piece) => (piece * plan.Steps, Math.Min((piece + 1) * plan.Steps, _steps));

    /// <summary>
    /// Runs one panel of the first layer through the given pieces; <paramref name="keep"/>s the last one's
    /// potentials. Where the updates of potentials are to be counted, from the first piece on, they are added to
    /// <paramref name="counter"/>.
    /// </summary>
    /// <remarks>
    /// Called for one panel after another, each for all samples: the panel's weights then stay in the second-level
    /// cache.
    /// </remarks>
    public void ForwardInput(
        in Sample sample,
        int slot,
        int panel,
        int firstPiece,
        int lastPiece,
        bool keep,
        ThreadWorkspace? counter = null
    )
    {
        fixed (int* offsets = sample.Raster.StepOffsets)
        fixed (ushort* inputs = sample.Raster.Neurons)
        {
            if (layers[0].IsRecurrent)
            {
                // What comes from below fills the room of a piece, and the layer has to hear itself before the next one.
                if (Pieces == 1)
                    _recurrent!.Drive(layers[0], offsets, inputs, slot, panel, 0);
                return;
            }
            for (int piece = firstPiece; piece <= lastPiece; piece++)
            {
                layers[0].Synapses?.Drive(panel, layers[0].Weights(panel).W, offsets, inputs, layers[0].Potentials(panel, slot));
                ForwardPanel(
                    layers[0],
                    Driven(layers[0], panel, slot),
                    offsets + Math.Max(Piece(piece).From - layers[0].Lag, 0),
                    inputs,
                    slot,
                    panel,
                    piece,
                    counter is not null || (keep && piece == lastPiece)
                );
                if (lastPiece == Pieces - 1)
                    KeepOutput(layers[0], panel, slot, piece);
                if (counter is not null)
                    CountUpdates(layers[0], panel, slot, piece, counter);
            }
            // A piece that runs once more leaves the spikes that it left the first time.
            if (lastPiece == Pieces - 1)
                layers[0].Axons?.Shift(panel, slot, layers[0].Spikes(panel, slot));
        }
    }

    /// <summary>
    /// Runs the layers after the first, and the first if it has a kernel, through the given pieces; <paramref
    /// name="keep"/>s the last one's potentials.
    /// </summary>
    /// <remarks>A first layer that hears itself is one of them.</remarks>
    public void Forward(
        in Sample sample,
        int slot,
        int firstPiece,
        int lastPiece,
        bool keep,
        ThreadWorkspace workspace,
        bool countUpdates = false
    )
    {
        if (layers[0].IsRecurrent)
            ForwardFirst(sample, slot, firstPiece, lastPiece, workspace, countUpdates);
        for (int l = FirstIsDense ? 1 : 0; l < layers.Length; l++)
        {
            FusedLayer layer = layers[l];
            for (int piece = firstPiece; piece <= lastPiece; piece++)
            {
                (int from, int to) = Piece(piece);
                if (layer.Convolution is null)
                    layer.List(layers[l - 1], slot, Math.Max(from - layer.Lag, 0), to - layer.Lag, workspace);
                else
                    Convolve(l, sample, slot, piece, workspace, toWeights: false);
                if (layer.IsRecurrent)
                    ForwardRecurrent(
                        layer,
                        workspace.Offsets.Pointer,
                        workspace.Neurons.Pointer,
                        slot,
                        piece,
                        workspace,
                        countUpdates
                    );
                for (int p = 0; p < layer.Panels && !layer.IsRecurrent; p++)
                {
                    layer.Synapses?.Drive(
                        p,
                        layer.Weights(p).W,
                        workspace.Offsets.Pointer,
                        workspace.Neurons.Pointer,
                        layer.Potentials(p, slot)
                    );
                    ForwardPanel(
                        layer,
                        Driven(layer, p, slot),
                        workspace.Offsets.Pointer,
                        workspace.Neurons.Pointer,
                        slot,
                        p,
                        piece,
                        countUpdates || (keep && piece == lastPiece)
                    );
                    if (lastPiece == Pieces - 1)
                        KeepOutput(layer, p, slot, piece);
                    if (countUpdates)
                        CountUpdates(layer, p, slot, piece, workspace);
                }
            }
            if (lastPiece == Pieces - 1)
                Delay(layer, slot);
        }
    }

    /// <summary>
    /// Whether the first layer is run panel by panel (<see cref="ForwardInput"/>); one with a kernel is run sample by sample.
    /// </summary>
    public bool FirstIsDense => layers[0].Convolution is null;

    /// <summary>
    /// Takes a piece's events through the kernel of a layer: to the drive of its neurons, or from ∂L/∂I to that of the
    /// weights.
    /// </summary>
    private void Convolve(int l, in Sample sample, int slot, int piece, ThreadWorkspace workspace, bool toWeights)
    {
        FusedLayer layer = layers[l];
        (int from, int to) = Piece(piece);
        (int first, int idle) = (Math.Max(from - layer.Lag, 0), from == 0 ? layer.Lag : 0);
        if (l > 0)
            layer.List(layers[l - 1], slot, first, to - layer.Lag, workspace);
        fixed (int* raster = sample.Raster.StepOffsets)
        fixed (ushort* neurons = sample.Raster.Neurons)
        {
            int* offsets = l == 0 ? raster + first : workspace.Offsets.Pointer;
            ushort* inputs = l == 0 ? neurons : workspace.Neurons.Pointer;
            if (toWeights)
                layer.Convolution!.AddGradient(kernels, layer, slot, to - from, idle, offsets, inputs);
            else
                layer.Convolution!.Forward(kernels, layer, slot, to - from, idle, offsets, inputs);
        }
    }

    /// <summary>A panel's neurons with what drives them, if that is in memory.</summary>
    private static NeuronPanel Driven(FusedLayer layer, int panel, int slot) =>
        layer.IsDriven ? layer.NeuronsOf(panel) with { Inputs = layer.Potentials(panel, slot) } : layer.NeuronsOf(panel);

    /// <summary>Delays the spikes of a layer that has all of them, if it has delays.</summary>
    public static void Delay(FusedLayer layer, int slot)
    {
        for (int p = 0; p < layer.Panels && layer.Axons is not null; p++)
            layer.Axons.Shift(p, slot, layer.Spikes(p, slot));
    }

    private void ForwardFirst(
        in Sample sample,
        int slot,
        int firstPiece,
        int lastPiece,
        ThreadWorkspace workspace,
        bool countUpdates
    )
    {
        fixed (int* offsets = sample.Raster.StepOffsets)
        fixed (ushort* inputs = sample.Raster.Neurons)
        {
            for (int piece = firstPiece; piece <= lastPiece; piece++)
            {
                int* at = Pieces == 1 ? null : offsets + Math.Max(Piece(piece).From - layers[0].Lag, 0);
                ForwardRecurrent(layers[0], at, inputs, slot, piece, workspace, countUpdates);
            }
        }
        if (lastPiece == Pieces - 1)
            Delay(layers[0], slot);
    }

    /// <summary>A layer that hears itself through a piece; without offsets what comes from below is there already.</summary>
    private void ForwardRecurrent(
        FusedLayer layer,
        int* offsets,
        ushort* inputs,
        int slot,
        int piece,
        ThreadWorkspace workspace,
        bool countUpdates
    )
    {
        for (int p = 0; p < layer.Panels && offsets is not null; p++)
            _recurrent!.Drive(layer, offsets, inputs, slot, p, piece);
        _recurrent!.Forward(layer, KernelsOf(layer), slot, piece, workspace);
        for (int p = 0; p < layer.Panels && countUpdates; p++)
            CountUpdates(layer, p, slot, piece, workspace);
    }

    /// <summary>Says before a batch whether it trains.</summary>
    public void Start(bool isTraining)
    {
        foreach (FusedLayer layer in layers)
            layer.SetInputFactor(isTraining);
    }

    /// <summary>Draws what each layer hears of a sample of the batch that trains.</summary>
    /// <param name="b">Its place in the batch.</param>
    public void Drop(int b, int slot, long update)
    {
        foreach (FusedLayer layer in layers)
            layer.Dropout.Draw(slot, b, update);
    }

    /// <summary>Has each layer hear all of a sample.</summary>
    public void KeepAll(int slot)
    {
        foreach (FusedLayer layer in layers)
            layer.Dropout.KeepAll(slot);
    }

    /// <summary>The logits of a sample of the batch, <c>[N]</c>, where the output does not spike.</summary>
    public Span<float> Logits(int b) => _logits.Span.Slice(b * layers[^1].Neurons, layers[^1].Neurons);

    /// <summary>
    /// Counts the spikes and returns the sample's loss; the loss's derivative, divided by the batch's
    /// <paramref name="samples"/>, is kept.
    /// </summary>
    public double EvaluateLoss(in Sample sample, int b, int slot, int samples, ThreadWorkspace workspace)
    {
        foreach (FusedLayer layer in layers)
            layer.CountSpikes(b, slot);
        double loss = _readout is null
            ? SpikeLoss(sample.Label, slot, workspace)
            : ReadoutLoss(_readout, sample.Label, b, slot, workspace);
        float* gS = OutputGradient(slot);
        foreach (double g in workspace.OutputGradient.Span)
            *gS++ = (float)(g / samples);
        for (int l = 0; _regularizer is not null && l < layers.Length - 1; l++)
            loss += Penalty(layers[l], b, 1, workspace);
        return loss;
    }

    /// <summary>
    /// Takes the derivative of the loss of a batch of so many <paramref name="samples"/> back through a piece of all
    /// layers. Pieces come from the last to the first.
    /// </summary>
    public void Backward(in Sample sample, int b, int slot, int samples, int piece, ThreadWorkspace workspace)
    {
        for (int l = layers.Length - 1; l >= 0; l--)
        {
            BackwardLayer(l, b, slot, samples, piece, workspace);
            if (layers[l].Convolution is not null)
                Convolve(l, sample, slot, piece, workspace, toWeights: true);
        }
        if (Piece(piece).From == 0)
            return;
        foreach (FusedLayer layer in layers)
            layer.HandOver(slot);
    }

    /// <summary>The same through one layer; those above it come first.</summary>
    public void BackwardLayer(int l, int b, int slot, int samples, int piece, ThreadWorkspace workspace)
    {
        (int from, int to) = Piece(piece);
        float* gS = workspace.PanelGradient.Pointer;
        FusedLayer layer = layers[l];
        if (piece == Pieces - 1)
            layer.StartBackward(slot, to - from);
        if (_regularizer is not null && l < layers.Length - 1)
            Penalty(layer, b, 1.0 / samples, workspace);
        if (l < layers.Length - 1 && !layers[l + 1].Connection.IsPlain)
            PlaneGradient(layers[l + 1], slot, to - from, workspace.PlaneGradient.Pointer);
        for (int p = 0; p < layer.Panels; p++)
        {
            if (l == layers.Length - 1)
            {
                LossGradient(layer, p, slot, from, to, gS);
            }
            else
            {
                if (layers[l + 1].Synapses is { } synapses)
                    synapses.InputGradient(kernels, layers[l + 1], p, slot, workspace.Column.Pointer, gS);
                else
                    GradientFromAbove(layers[l + 1], p, slot, from, to, gS, workspace.PlaneGradient.Pointer);
                if (layer.Dropout.IsOn)
                    DropGradient(layer, p, slot, to - from, layers[l + 1].SeparateFactor, gS);
                layer.Axons?.Backward(p, slot, from, to, gS);
                if (_regularizer is not null)
                    AddPenaltyGradient(layer, p, to - from, gS, workspace);
            }
            if (layer.IsRecurrent)
                gS += (nint)(to - from) * WeightPanels.Width;
            else
                BackwardPanel(layer, p, slot, piece, gS, workspace);
        }
        if (layer.IsRecurrent)
            _recurrent!.Backward(layer, KernelsOf(layer), slot, piece, workspace);
        layer.Synapses?.Keep(layer, slot);
        if (from == 0)
            layer.KeepGradients(b, slot);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _recurrent?.Dispose();
        _outputGradient.Dispose();
        _logits.Dispose();
    }

    private double SpikeLoss(int label, int slot, ThreadWorkspace workspace)
    {
        OutputSpikes(slot, workspace.Output.Pointer);
        return settings.Loss.Evaluate(workspace.Output.Span, layers[^1].Neurons, label, workspace.OutputGradient.Span);
    }

    /// <summary>The spikes of the output layer, <c>[T × N]</c> of 0 and 1.</summary>
    private void OutputSpikes(int slot, double* S)
    {
        FusedLayer output = layers[^1];
        for (int p = 0; p < output.Panels; p++)
        {
            uint* bits = output.Spikes(p, slot);
            int column = p * WeightPanels.Width,
                columns = Math.Min(WeightPanels.Width, output.Neurons - column);
            for (int t = 0; t < _steps; t++)
            {
                double* row = S + ((nint)t * output.Neurons) + column;
                uint word = bits[t];
                for (int i = 0; i < columns; i++, word >>= 1)
                    row[i] = word & 1;
            }
        }
    }

    private double ReadoutLoss(Readout readout, int label, int b, int slot, ThreadWorkspace workspace)
    {
        int neurons = layers[^1].Neurons;
        if (readout.Spikes)
            OutputSpikes(slot, workspace.OutputGradient.Pointer);
        else
            KeptPotentials(slot, workspace.OutputGradient.Span);
        Span<double> z = workspace.Logits.Span[..neurons],
            gz = workspace.Logits.Span[neurons..];
        readout.Read(workspace.OutputGradient.Span, z);
        for (int i = 0; i < neurons; i++)
            Logits(b)[i] = (float)z[i];
        double loss = settings.Loss.Evaluate(z, neurons, label, gz);
        readout.Spread(gz, workspace.OutputGradient.Span);
        return loss;
    }

    private void KeptPotentials(int slot, Span<double> V)
    {
        float* kept = OutputGradient(slot);
        foreach (ref double value in V)
            value = *kept++;
    }

    /// <summary>Keeps a panel's potentials of a piece until the loss is taken, where the output does not spike.</summary>
    public void KeepOutput(FusedLayer layer, int panel, int slot, int piece)
    {
        if (!layer.IsReadout)
            return;
        (int from, int to) = Piece(piece);
        int column = panel * WeightPanels.Width,
            columns = Math.Min(WeightPanels.Width, layer.Neurons - column);
        float* V = layer.Potentials(panel, slot);
        for (int t = from; t < to; t++, V += WeightPanels.Width)
            new ReadOnlySpan<float>(V, columns).CopyTo(
                new Span<float>(OutputGradient(slot) + ((nint)t * layer.Neurons) + column, columns)
            );
    }

    private float* OutputGradient(int slot) => _outputGradient.Pointer + ((nint)slot * _steps * layers[^1].Neurons);

    /// <summary>The constants of a layer's neurons.</summary>
    public NeuronConstants ConstantsOf(FusedLayer layer) => layer.IsReadout ? _readoutNeuron : _neuron;

    /// <summary>The kernels of a layer, by whether it spikes and whether its inputs get factors.</summary>
    public NeuronKernels KernelsOf(FusedLayer layer) =>
        (layer.IsReadout, layer.HasInputFactors || layer.IsRecurrent) switch
        {
            (false, false) => _plain,
            (false, true) => _factored!,
            (true, false) => _plainReadout,
            (true, true) => _factoredReadout!,
        };

    /// <summary>One panel of a layer through a piece of time.</summary>
    public void ForwardPanel(
        FusedLayer layer,
        in NeuronPanel neurons,
        int* offsets,
        ushort* inputs,
        int slot,
        int p,
        int piece,
        bool keep
    )
    {
        (int from, int to) = Piece(piece);
        KernelsOf(layer)
            .Forward(
                ConstantsOf(layer),
                neurons,
                to - from,
                from == 0 ? layer.Lag : 0,
                offsets,
                inputs,
                layer.Convolution is null ? layer.Weights(p).W : null,
                layer.State(p, slot, piece),
                keep || layer.IsReadout ? layer.Potentials(p, slot) : null,
                layer.Currents(p, slot),
                layer.Spikes(p, slot) + from
            );
    }

    /// <summary>
    /// Adds the updates of a panel's potentials in a piece, the sample's first step left out. Padded neurons stay at
    /// 0, so they have none.
    /// </summary>
    private void CountUpdates(FusedLayer layer, int panel, int slot, int piece, ThreadWorkspace counter)
    {
        (int from, int to) = Piece(piece);
        ReadOnlySpan<float> V = new(layer.Potentials(panel, slot), (to - from) * WeightPanels.Width);
        Span<float> last = counter.LastPotentials.Span.Slice(panel * WeightPanels.Width, WeightPanels.Width);
        if (from > 0)
            counter.MembraneUpdates += PotentialUpdates.Count(last, V[..WeightPanels.Width]);
        counter.MembraneUpdates += PotentialUpdates.Count(V[..^WeightPanels.Width], V[WeightPanels.Width..]);
        V[^WeightPanels.Width..].CopyTo(last);
    }

    private void LossGradient(FusedLayer layer, int panel, int slot, int from, int to, float* gS)
    {
        int column = panel * WeightPanels.Width,
            columns = Math.Min(WeightPanels.Width, layer.Neurons - column);
        new Span<float>(gS, (to - from) * WeightPanels.Width).Clear();
        for (int t = from; t < to; t++, gS += WeightPanels.Width)
            new ReadOnlySpan<float>(OutputGradient(slot) + ((nint)t * layer.Neurons) + column, columns).CopyTo(
                new Span<float>(gS, columns)
            );
    }

    /// <summary>∂L/∂P of what lies below a layer that is not plain, panels of <c>[steps × 32]</c>.</summary>
    private void PlaneGradient(FusedLayer above, int slot, int steps, float* gP)
    {
        if (above.Convolution is { } convolution)
        {
            convolution.InputGradient(kernels, above, slot, steps, gP);
            return;
        }
        for (int p = 0; p < WeightPanels.Count(above.Inputs); p++, gP += (nint)steps * WeightPanels.Width)
            DenseGradient(above, p, slot, steps, gP);
    }

    private void DenseGradient(FusedLayer above, int panel, int slot, int steps, float* gS) =>
        kernels.Dense(
            steps,
            above.Neurons,
            above.Potentials(0, slot) + (above.Lag * WeightPanels.Width),
            above.PotentialPanelStride,
            above.Transposed(panel),
            gS
        );

    /// <summary>
    /// ∂L/∂S of a panel of the layer below <paramref name="above"/>, from <paramref name="gP"/> if that is not plain.
    /// </summary>
    private void GradientFromAbove(FusedLayer above, int panel, int slot, int from, int to, float* gS, float* gP)
    {
        if (above.Connection.IsPlain)
            DenseGradient(above, panel, slot, to - from, gS);
        else if (above.Connection.Pool > 1)
            above.Unpool(panel, to - from, gP, gS);
        else
            new ReadOnlySpan<float>(
                gP + ((nint)panel * (to - from) * WeightPanels.Width),
                (to - from) * WeightPanels.Width
            ).CopyTo(new Span<float>(gS, (to - from) * WeightPanels.Width));
        // A spike in a window's last step has its effect above in the next window.
        for (long end = WindowEnd(from + 1); end <= to; end += _window)
            new Span<float>(gS + ((end - 1 - from) * WeightPanels.Width), WeightPanels.Width).Clear();
    }

    /// <summary>What the layer above has not heard has no gradient from there; what it has gets a factor.</summary>
    private void DropGradient(FusedLayer layer, int panel, int slot, int steps, float factor, float* gS)
    {
        float* row = stackalloc float[WeightPanels.Width];
        for (int i = 0; i < WeightPanels.Width; i++)
            row[i] = ((layer.Dropout.Kept(slot)[panel] >> i) & 1) * factor;
        kernels.MultiplyRow(steps, row, gS);
    }

    /// <summary>The penalty on a hidden layer's activity; its gradient is left in the workspace.</summary>
    private double Penalty(FusedLayer layer, int b, double share, ThreadWorkspace workspace)
    {
        int* counts = layer.Counts(b);
        for (int i = 0; i < layer.Neurons; i++)
            workspace.SpikeCounts.Pointer[i] = counts[i];
        return _regularizer!.Evaluate(
            workspace.SpikeCounts.Span[..layer.Neurons],
            share,
            workspace.CountGradient.Span[..layer.Neurons]
        );
    }

    private void AddPenaltyGradient(FusedLayer layer, int panel, int steps, float* gS, ThreadWorkspace workspace)
    {
        float* row = stackalloc float[WeightPanels.Width];
        int column = panel * WeightPanels.Width,
            columns = Math.Min(WeightPanels.Width, layer.Neurons - column);
        new Span<float>(row, WeightPanels.Width).Clear();
        for (int i = 0; i < columns; i++)
            row[i] = (float)workspace.CountGradient.Pointer[column + i];
        kernels.AddRow(steps, row, gS);
    }

    private void BackwardPanel(FusedLayer layer, int panel, int slot, int piece, float* gS, ThreadWorkspace workspace)
    {
        (int from, int to) = Piece(piece);
        NeuronPanel neurons = layer.NeuronsOf(panel);
        float* carry = layer.Carry(panel, slot),
            V = layer.Potentials(panel, slot),
            currents = layer.Currents(panel, slot);
        if (_adapts && !layer.IsReadout)
        {
            KernelsOf(layer)
                .Adaptation(
                    _neuron,
                    neurons,
                    to - from,
                    layer.State(panel, slot, piece) + (2 * WeightPanels.Width),
                    V,
                    workspace.Thresholds.Pointer
                );
            neurons = neurons with { Th = workspace.Thresholds.Pointer };
        }
        for (int end = to; end > from; )
        {
            int start = (int)Math.Max(from, WindowEnd(end) - _window);
            if (end % _window == 0)
                new Span<float>(carry, BackwardKernel.CarriedStates * WeightPanels.Width).Clear();
            nint at = (nint)(start - from) * WeightPanels.Width;
            KernelsOf(layer)
                .Backward(
                    ConstantsOf(layer),
                    _moves && !layer.IsReadout ? neurons.From(start - from) : neurons,
                    end - start,
                    gS + at,
                    V + at,
                    currents + at,
                    carry
                );
            end = start;
        }
    }

    /// <summary>The first end of a window at or after <paramref name="step"/>.</summary>
    private long WindowEnd(int step) => ((long)step + _window - 1) / _window * _window;
}
