using Rouser.Snn.Connections;
using Rouser.Snn.Currents;
using Rouser.Snn.Fused.Thresholds;
using Rouser.Snn.Heterogeneities;
using Rouser.Snn.Layers;
using Rouser.Snn.Membranes;

namespace Rouser.Snn.Fused;

/// <summary>
/// One layer's parameters and what a batch leaves behind in it. Matrices lie in panels (<see cref="WeightPanels"/>); the
/// padded columns have no weights and a threshold out of reach, so that they never spike and never get a gradient.
/// </summary>
internal sealed unsafe class FusedLayer : IDisposable
{
    private readonly List<IDisposable> _buffers = [];
    private readonly NativeBuffer<float> _w,
        _m,
        _v,
        _gTh,
        _mean,
        _potentials,
        _states,
        _carries;
    private readonly NativeBuffer<float>? _unrounded,
        _gA,
        _gB,
        _currents,
        _transposed,
        _transposedOwn,
        _gradient,
        _direction,
        _length,
        _lengthM,
        _lengthV,
        _inputFactors,
        _inputConstants;
    private readonly float _trainingFactor;
    private readonly NativeBuffer<uint> _spikes;
    private readonly NativeBuffer<int> _counts;
    private readonly BatchPlan _plan;
    private readonly int _steps,
        _pieces,
        _stateRows;
    private readonly bool _updatesLater,
        _movesAllRows;
    private readonly PlaneMap? _map;

    /// <summary>Takes the memory of layer <paramref name="number"/> (from 1) and draws its initial weights.</summary>
    public FusedLayer(TrainingSettings settings, BatchPlan plan, int number, bool keepGradients)
    {
        (Number, _plan, _steps, _pieces) = (number, plan, settings.StepCount, (settings.StepCount + plan.Steps - 1) / plan.Steps);
        (_updatesLater, _movesAllRows) = (settings.UpdatesLater, settings.Optimizer.MovesWithoutGradient);
        Connection = settings.ConnectionOf(number);
        (Inputs, Columns) = (Connection.Rows, Connection.Columns);
        Neurons = settings.LayerSizes[number - 1];
        if (!Connection.IsPlain)
            _buffers.Add(_map = new PlaneMap(Connection));
        if (Connection.Convolution is not null)
            _buffers.Add(Convolution = new LayerConvolution(Connection, _map!, plan.Samples));
        IsRecurrent = settings.HearsItself(number - 1, settings.LayerSizes.Count);
        Rows = Inputs + (IsRecurrent ? Neurons : 0);
        Panels = WeightPanels.Count(Neurons);
        Lag = new NeuronConstants(settings).InputLag(number == 1);
        IsReadout = !settings.HasSpikes(number - 1, settings.LayerSizes.Count);
        _stateRows = settings.Threshold.Form.HasState && !IsReadout ? 3 : 2;
        nint lengths = (nint)WeightPanels.Count(Columns) * WeightPanels.Width,
            matrix = Rows * lengths,
            row = (nint)Panels * WeightPanels.Width;
        bool normalize = settings.Weights.Normalize,
            inParts = plan.Samples < settings.BatchSize || _pieces > 1;
        (_w, _m, _v) = (Allocate(matrix), Allocate(matrix), Allocate(matrix));
        if (settings.Quantization == Quantization.Lava)
            _unrounded = Allocate(matrix);
        _buffers.Add(
            Thresholds = IsReadout ? new NoThresholds(settings, Neurons) : settings.Threshold.ForLayer(settings, Neurons)
        );
        Heterogeneity? drawn = settings.Neuron.Heterogeneity;
        _buffers.Add(
            Membrane = new LayerDecays(
                settings,
                "membrane",
                settings.Neuron.Membrane as TrainedMembrane,
                Heterogeneity.VoltageFactors(settings, number),
                drawn?.Draws(HeterogeneousDecays.Voltage) == true
            )
        );
        _buffers.Add(
            Current = new LayerDecays(
                settings,
                "current",
                settings.Neuron.Current as TrainedCurrent,
                Heterogeneity.CurrentFactors(settings, number),
                drawn?.Draws(HeterogeneousDecays.Current) == true
            )
        );
        if (settings.Normalization is { } tdbn && tdbn.Normalizes(number, settings.LayerSizes.Count))
            _buffers.Add(Normalization = new LayerNormalization(tdbn, settings, Neurons));
        _buffers.Add(Dropout = new LayerDropout(settings, number, Panels, plan.Samples));
        if (settings.Delays is AxonalDelays delays && number < settings.LayerSizes.Count)
            _buffers.Add(Delays = new LayerAxons(settings, delays, number, plan));
        if (settings.Delays is SynapticDelays synaptic && synaptic.IsOf(number - 1))
            _buffers.Add(Delays = new LayerSynapses(settings, synaptic, number, Inputs, Rows - Inputs, Lag, plan));
        // A drive that is in memory already is taken by the kernels that give it a factor.
        if ((number > 1 && settings.Dropout is not null) || IsDriven)
        {
            _trainingFactor = number > 1 && settings.Dropout is { } below ? (float)below.Factor : 1;
            (_inputFactors, _inputConstants) = (Allocate(WeightPanels.Width), Allocate(WeightPanels.Width));
        }
        (_gTh, _mean) = (Allocate(row * settings.BatchSize), Allocate(row));
        if (Membrane.IsTrained)
            _gB = Allocate(row * settings.BatchSize);
        _potentials = Allocate(row * plan.Samples * (plan.Steps + 1));
        if (Current.IsTrained)
            (_gA, _currents) = (Allocate(row * settings.BatchSize), Allocate(_potentials.Length));
        (_states, _carries) = (
            Allocate(row * plan.Samples * (_pieces + 1) * _stateRows),
            Allocate(row * plan.Samples * BackwardKernel.CarriedRows)
        );
        if (number > 1 && !IsDriven)
            _transposed = Allocate((nint)WeightPanels.Count(Inputs) * Neurons * WeightPanels.Width);
        if (IsRecurrent)
            _transposedOwn = Allocate(row * Stride);
        if (_updatesLater || inParts || keepGradients)
            _gradient = Allocate(matrix);
        if (normalize)
            (_direction, _length, _lengthM, _lengthV) = (
                Allocate(matrix),
                Allocate(lengths),
                Allocate(lengths),
                Allocate(lengths)
            );
        _buffers.Add(_spikes = new NativeBuffer<uint>((nint)Panels * plan.Samples * _steps));
        _buffers.Add(_counts = new NativeBuffer<int>(row * settings.BatchSize));
        _buffers.Add(
            Events = Synapses is null
                ? new SpikeColumns(Inputs, Rows - Inputs, plan.Samples, plan.Steps + 1, Lag, _map)
                : new SpikeColumns(Rows, 0, plan.Samples, plan.Steps + 1, Lag)
        );

        SetWeights(InitialWeights.Draw(settings, number));
        if (normalize)
            StartNormalization();
        _movesAllRows |= Convolution is not null;
        if (_movesAllRows)
            Events.Touched.Span.Fill(1);
        SetInputFactor(isTraining: false);
    }

    /// <summary>From 1.</summary>
    public int Number { get; }

    /// <summary>How the layer is connected to what lies below it.</summary>
    public LayerConnection Connection { get; }

    /// <summary>What it has if it has a kernel; else null.</summary>
    public LayerConvolution? Convolution { get; }

    /// <summary>
    /// Rows of the weights: the neurons below, or what <see cref="LayerConnection.Rows"/> makes of them.
    /// </summary>
    public int Inputs { get; }

    /// <summary>Columns of the weights: the neurons, or the channels that share them.</summary>
    public int Columns { get; }

    /// <summary>Neurons in the layer.</summary>
    public int Neurons { get; }

    /// <summary>Whether it hears its own spikes (<see cref="Connections.Recurrence"/>).</summary>
    public bool IsRecurrent { get; }

    /// <summary>Rows of its weights: a row for each neuron below, then, if it hears itself, for each of its own.</summary>
    public int Rows { get; }

    /// <summary>Panels that they take.</summary>
    public int Panels { get; }

    /// <summary>d, the steps from a spike below to the current.</summary>
    public int Lag { get; }

    /// <summary>Whether it is an output layer that does not spike.</summary>
    public bool IsReadout { get; }

    /// <summary>The events below the layer.</summary>
    public SpikeColumns Events { get; }

    /// <summary>The thresholds.</summary>
    public LayerThresholds Thresholds { get; }

    /// <summary>The decays of the potentials.</summary>
    public LayerDecays Membrane { get; }

    /// <summary>The normalisation of the input; null if there is none.</summary>
    public LayerNormalization? Normalization { get; }

    /// <summary>Which of its neurons the layer above hears.</summary>
    public LayerDropout Dropout { get; }

    /// <summary>The delays of its neurons or of its weights; null where there are none.</summary>
    public LayerDelays? Delays { get; }

    /// <summary>By how much later the layer above hears its neurons; null if at once.</summary>
    public LayerAxons? Axons => Delays as LayerAxons;

    /// <summary>By how much later it hears the neurons below, weight by weight; null if at once.</summary>
    public LayerSynapses? Synapses => Delays as LayerSynapses;

    /// <summary>Whether what comes from below is in memory before its neurons run.</summary>
    public bool IsDriven => Convolution is not null || Synapses is not null;

    /// <summary>Where the spikes that it hears are sorted.</summary>
    public SpikeColumns Heeded => Synapses?.Columns ?? Events;

    /// <summary>Whether what comes from below gets a factor before the current takes it.</summary>
    public bool HasInputFactors => Normalization is not null || _inputFactors is not null;

    /// <summary>
    /// By what spikes from below count more in training, because others were dropped, where ∂L/∂I is kept without it: it
    /// holds for a layer's own spikes too, which are never dropped.
    /// </summary>
    public float SeparateFactor => IsRecurrent && _inputFactors is not null ? _trainingFactor : 1;

    /// <summary>The decays of the currents.</summary>
    public LayerDecays Current { get; }

    /// <summary>
    /// Spikes of each neuron in a sample, <c>[32·panels]</c>; samples lie <see cref="Stride"/> apart.
    /// </summary>
    public int* Counts(int sample) => _counts.Pointer + ((nint)sample * Stride);

    /// <summary>Padded neurons.</summary>
    public int Stride => Panels * WeightPanels.Width;

    /// <summary>
    /// A panel's potentials for the piece that a slot is at, <c>[steps at once + 1 × 32]</c>; after the backward pass
    /// ∂L/∂I. The row after the piece's last is ∂L/∂I of the step that follows it, 0 at the end of the sample.
    /// </summary>
    public float* Potentials(int panel, int slot) =>
        _potentials.Pointer + ((((nint)panel * _plan.Samples) + slot) * (_plan.Steps + 1) * WeightPanels.Width);

    /// <summary>A panel's currents likewise, if their decays are trained; else null.</summary>
    public float* Currents(int panel, int slot) =>
        _currents is null
            ? null
            : _currents.Pointer + ((((nint)panel * _plan.Samples) + slot) * (_plan.Steps + 1) * WeightPanels.Width);

    /// <summary>Floats between one panel's potentials and the next's.</summary>
    public nint PotentialPanelStride => (nint)_plan.Samples * (_plan.Steps + 1) * WeightPanels.Width;

    /// <summary>
    /// I, C and, if thresholds have a state, A of a panel before a piece, <c>[2 or 3 × 32]</c>; behind them those
    /// after it. Before piece 0 they are always 0.
    /// </summary>
    public float* State(int panel, int slot, int piece) =>
        _states.Pointer + ((((((nint)panel * _plan.Samples) + slot) * (_pieces + 1)) + piece) * _stateRows * WeightPanels.Width);

    /// <summary>
    /// What <see cref="BackwardKernel"/> carries from a piece of a panel to the one before, <c>[6 × 32]</c>.
    /// </summary>
    public float* Carry(int panel, int slot) =>
        _carries.Pointer + ((((nint)panel * _plan.Samples) + slot) * BackwardKernel.CarriedRows * WeightPanels.Width);

    /// <summary>A panel's spikes, one word per step, <c>[T]</c>; the next panel's follow.</summary>
    public uint* Spikes(int panel, int slot) => _spikes.Pointer + ((((nint)slot * Panels) + panel) * _steps);

    /// <summary>What the layer above hears of them, likewise, but for dropout.</summary>
    public uint* Heard(int panel, int slot) => Axons is null ? Spikes(panel, slot) : Axons.Heard(panel, slot);

    /// <summary>
    /// The weights for a panel of the layer below, <c>[out × 32]</c>, as of the last <see cref="Transpose(int)"/>.
    /// </summary>
    public float* Transposed(int panelBelow) => _transposed!.Pointer + ((nint)panelBelow * Neurons * WeightPanels.Width);

    /// <summary>The same of the weights from the layer's own neurons, for a panel of them, <c>[32·panels × 32]</c>.</summary>
    public float* TransposedOwn(int panel) => _transposedOwn!.Pointer + ((nint)panel * Stride * WeightPanels.Width);

    /// <summary>Rows of what a panel carries from a step to the next: I, C and, if thresholds have a state, A.</summary>
    public int StateRows => _stateRows;

    /// <summary>What a panel's neurons have for themselves.</summary>
    public NeuronPanel NeuronsOf(int panel) =>
        Thresholds.PanelOf(panel) with
        {
            A = Current.Values.Pointer + (panel * WeightPanels.Width),
            B = Membrane.Values.Pointer + (panel * WeightPanels.Width),
            InputFactors =
                Normalization is not null ? Normalization.Factors(panel)
                : _inputFactors is not null ? _inputFactors.Pointer
                : null,
            InputConstants =
                Normalization is not null ? Normalization.Constants(panel)
                : _inputConstants is not null ? _inputConstants.Pointer
                : null,
            HasConstantFactors = _inputFactors is not null && !IsRecurrent,
        };

    /// <summary>A panel of the weights and what belongs to it.</summary>
    public WeightPanel Weights(int panel)
    {
        nint at = (nint)panel * Rows * WeightPanels.Width,
            column = (nint)panel * WeightPanels.Width;
        return new WeightPanel
        {
            W = _w.Pointer + at,
            Unrounded = _unrounded is null ? null : _unrounded.Pointer + at,
            M = _m.Pointer + at,
            V = _v.Pointer + at,
            Gradient = _gradient is null ? null : _gradient.Pointer + at,
            Direction = _direction is null ? null : _direction.Pointer + at,
            Length = _length is null ? null : _length.Pointer + column,
            LengthM = _lengthM is null ? null : _lengthM.Pointer + column,
            LengthV = _lengthV is null ? null : _lengthV.Pointer + column,
            UpdatesLater = _updatesLater,
            SeparateRows = SeparateFactor == 1 ? 0 : Inputs,
            SeparateFactor = SeparateFactor,
        };
    }

    /// <summary>A panel's weights from the layer's own neurons, <c>[N × 32]</c>.</summary>
    public float* OwnWeights(int panel) => Weights(panel).W + ((nint)Inputs * WeightPanels.Width);

    /// <summary>The weights' last gradient, <c>[rows × columns]</c>, if the engine was made to keep it.</summary>
    public float[] WeightGradient() => PanelMatrix.Read(_gradient!, Rows, Columns);

    /// <summary>
    /// The potentials of a sample after a forward pass that kept them in one piece, <c>[T × N]</c>; a copy.
    /// </summary>
    public float[] ReadPotentials(int slot) =>
        Read((t, i) => Potentials(i / WeightPanels.Width, slot)[(t * WeightPanels.Width) + (i % WeightPanels.Width)]);

    /// <summary>The spikes of a sample, <c>[T × N]</c> of 0 and 1; a copy.</summary>
    public float[] ReadSpikes(int slot) =>
        Read((t, i) => (Spikes(i / WeightPanels.Width, slot)[t] >> (i % WeightPanels.Width)) & 1);

    /// <summary>Has spikes from below count as in training, where dropout leaves fewer of them, or as at inference.</summary>
    public void SetInputFactor(bool isTraining) => _inputFactors?.Span.Fill(isTraining ? _trainingFactor : 1);

    /// <summary>The rows that the weights' gradient is summed of, for a panel of the weights.</summary>
    public float* GradientRows(int panel) =>
        Convolution is not null ? Convolution.Gradients(panel)
        : Synapses is not null ? Synapses.Gradients(panel)
        : Potentials(panel, 0);

    /// <summary>
    /// Lays what the weights' gradient of a piece is summed of: its events, or, once the samples are back at their
    /// beginning, their own sums.
    /// </summary>
    public void LayEvents(int samples, bool isFirstPiece, bool isLastPart)
    {
        if (Synapses is not null)
        {
            Synapses.Columns.Lay(samples);
            Events.LaySums(isLastPart ? 1 : 0);
        }
        else if (Convolution is null)
            Events.Lay(samples);
        else
            Events.LaySums(isFirstPiece ? samples : 0);
    }

    /// <summary>
    /// Lists the spikes of the layer below in some steps, or what windows of them are summed to, as the kernels take them.
    /// </summary>
    public void List(FusedLayer below, int slot, int from, int to, ThreadWorkspace workspace)
    {
        SpikeBits.List(
            below.Heard(0, slot),
            below.Dropout.Kept(slot),
            below.Panels,
            _steps,
            from,
            to,
            workspace.Offsets.Pointer,
            workspace.Neurons.Pointer
        );
        if (Convolution is null)
            _map?.Pool(to - from, workspace.Offsets.Pointer, workspace.Neurons.Pointer);
    }

    /// <summary>
    /// Takes ∂L/∂S of a panel of the layer below from that of the windows' sums, panels of <c>[steps × 32]</c> each.
    /// </summary>
    public void Unpool(int panelBelow, int steps, float* gP, float* gS)
    {
        // Channels of a position lie side by side on both sides, so that whole runs of them are copied.
        for (int i = 0, run; i < WeightPanels.Width; i += run)
        {
            int j = (panelBelow * WeightPanels.Width) + i,
                pooled = PooledOf(j);
            run = 1;
            while (
                i + run < WeightPanels.Width
                && PooledOf(j + run) == (pooled < 0 ? pooled : pooled + run)
                && (pooled < 0 || (pooled + run) % WeightPanels.Width > 0)
            )
                run++;
            float* from =
                gP
                + (Math.Max(pooled, 0) / WeightPanels.Width * (nint)steps * WeightPanels.Width)
                + (Math.Max(pooled, 0) % WeightPanels.Width);
            for (nint t = 0; t < (nint)steps * WeightPanels.Width; t += WeightPanels.Width)
            {
                Span<float> to = new(gS + t + i, run);
                if (pooled < 0)
                    to.Clear();
                else
                    new ReadOnlySpan<float>(from + t, run).CopyTo(to);
            }
        }

        int PooledOf(int j) => j < Connection.Inputs ? _map!.PooledOf(j) : -1;
    }

    /// <summary>Counts a sample's spikes.</summary>
    public void CountSpikes(int sample, int slot)
    {
        new Span<int>(Counts(sample), Stride).Clear();
        for (int p = 0; p < Panels; p++)
            SpikeBits.Count(Spikes(p, slot), uint.MaxValue, _steps, Counts(sample) + (p * WeightPanels.Width));
    }

    /// <summary>Sets what follows a sample's last piece to 0.</summary>
    public void StartBackward(int slot, int pieceSteps)
    {
        for (int p = 0; p < Panels; p++)
        {
            new Span<float>(Carry(p, slot), BackwardKernel.CarriedRows * WeightPanels.Width).Clear();
            new Span<float>(Potentials(p, slot) + ((nint)pieceSteps * WeightPanels.Width), WeightPanels.Width).Clear();
        }
        Convolution?.Clear(slot);
    }

    /// <summary>Puts ∂L/∂I of a piece's first step where the piece before finds it.</summary>
    public void HandOver(int slot)
    {
        for (int p = 0; p < Panels; p++)
        {
            float* gI = Potentials(p, slot);
            new Span<float>(gI, WeightPanels.Width).CopyTo(
                new Span<float>(gI + ((nint)_plan.Steps * WeightPanels.Width), WeightPanels.Width)
            );
        }
    }

    /// <summary>Takes ∂L/∂Th, ∂L/∂b and ∂L/∂a of a sample from what was carried to its beginning.</summary>
    public void KeepGradients(int sample, int slot)
    {
        float* gTh = _gTh.Pointer + ((nint)sample * Stride);
        for (int i = 0; i < Stride && !IsReadout; i++)
            gTh[i] = 0 - Carried(slot, BackwardKernel.ThresholdRow, i);
        Keep(_gB, BackwardKernel.DecayRow, sample, slot);
        Keep(_gA, BackwardKernel.CurrentRow, sample, slot);
        Axons?.KeepGradients(sample, slot);
    }

    private void Keep(NativeBuffer<float>? gradients, int row, int sample, int slot)
    {
        for (int i = 0; i < Stride && gradients is not null; i++)
            gradients.Pointer[((nint)sample * Stride) + i] = Carried(slot, row, i);
    }

    /// <summary>
    /// The mean ∂L/∂Th of a batch, summed in the order of its samples, <c>[N]</c>; overwritten by the next call of
    /// this or its neighbour.
    /// </summary>
    public Span<float> MeanThresholdGradient(int samples) => Sum(_gTh, samples);

    /// <summary>The mean ∂L/∂b likewise.</summary>
    public Span<float> MeanVoltageGradient(int samples) => Sum(_gB!, samples);

    /// <summary>The mean ∂L/∂a likewise.</summary>
    public Span<float> MeanCurrentGradient(int samples) => Sum(_gA!, samples);

    /// <summary>The mean ∂L/∂d likewise.</summary>
    public Span<float> MeanDelayGradient(int samples) => Axons is null ? [] : Sum(Axons.Gradients, samples);

    /// <summary>Panels of <see cref="Transposed"/> and <see cref="TransposedOwn"/>; of a kernel its rows.</summary>
    public int TransposedPanels => TransposedBelow + (IsRecurrent ? Panels : 0);

    private int TransposedBelow =>
        Number > 1 && Connection.Convolution is { } conv ? conv.Kernel
        : _transposed is null ? 0
        : WeightPanels.Count(Inputs);

    /// <summary>Brings one panel of <see cref="Transposed"/>, or one of <see cref="TransposedOwn"/>, up to date.</summary>
    public void Transpose(int panel)
    {
        if (Convolution is not null)
            Convolution.Transpose(this, panel);
        else if (panel < TransposedBelow)
            Transpose(panel * WeightPanels.Width, Inputs, Transposed(panel));
        else
            Transpose(Inputs + ((panel - TransposedBelow) * WeightPanels.Width), Rows, TransposedOwn(panel - TransposedBelow));
    }

    private void Transpose(int from, int to, float* target)
    {
        int rows = Math.Min(WeightPanels.Width, to - from);
        for (int i = 0; i < Neurons; i++)
        {
            float* source = _w.Pointer + WeightPanels.Index(Rows, from, i);
            for (int j = 0; j < rows; j++)
                target[(i * WeightPanels.Width) + j] = source[j * WeightPanels.Width];
        }
    }

    /// <summary>The layer's state; a copy.</summary>
    public LayerState Export()
    {
        Dictionary<string, float[]> tensors = [];
        foreach ((string name, NativeBuffer<float> buffer, int rows, int columns) in Tensors())
            tensors.Add(name, PanelMatrix.Read(buffer, rows, columns));
        return new LayerState(
            Connection.Inputs,
            Neurons,
            PanelMatrix.Read(_unrounded ?? _w, Rows, Columns),
            Thresholds.Values.Span.ToArray(),
            tensors
        );
    }

    /// <summary>Goes on from an exported state.</summary>
    /// <exception cref="ArgumentException">The state is of another network.</exception>
    public void Import(LayerState state)
    {
        if (state.InputCount != Connection.Inputs || state.NeuronCount != Neurons)
        {
            throw new ArgumentException(
                $"The state's layer {Number} is {state.InputCount} × {state.NeuronCount}, the network's {Connection.Inputs} × {Neurons}.",
                nameof(state)
            );
        }
        SetWeights(state.Weights);
        foreach ((string name, NativeBuffer<float> buffer, int rows, int columns) in Tensors())
        {
            if (!state.Tensors.TryGetValue(name, out float[]? values))
                throw new ArgumentException($"The state's layer {Number} lacks the tensor {name}.", nameof(state));
            PanelMatrix.Write(buffer, values, rows, columns);
        }
        Thresholds.Import(state.Thresholds);
        Membrane.Spread();
        Current.Spread();
        Delays?.Spread();
        MarkTouchedRows();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable buffer in _buffers)
            buffer.Dispose();
    }

    private float[] Read(Func<int, int, float> at)
    {
        float[] values = new float[_steps * Neurons];
        for (int k = 0; k < values.Length; k++)
            values[k] = at(k / Neurons, k % Neurons);
        return values;
    }

    private IEnumerable<LayerTensor> Tensors()
    {
        yield return new("weights.m", _m, Rows, Columns);
        yield return new("weights.v", _v, Rows, Columns);
        foreach (LayerTensor tensor in Thresholds.Tensors)
            yield return tensor;
        foreach (LayerTensor tensor in Membrane.Tensors.Concat(Current.Tensors).Concat(Normalization?.Tensors ?? []))
            yield return tensor;
        foreach (LayerTensor tensor in Delays?.Tensors ?? [])
            yield return tensor;
        if (_direction is null)
            yield break;
        yield return new("direction", _direction, Rows, Columns);
        yield return new("length", _length!, 1, Columns);
        yield return new("length.m", _lengthM!, 1, Columns);
        yield return new("length.v", _lengthV!, 1, Columns);
    }

    private float Carried(int slot, int row, int i) =>
        Carry(i / WeightPanels.Width, slot)[(row * WeightPanels.Width) + (i % WeightPanels.Width)];

    private Span<float> Sum(NativeBuffer<float> gradients, int samples)
    {
        Span<float> sum = _mean.Span[..Neurons];
        sum.Clear();
        for (int b = 0; b < samples; b++)
        {
            float* g = gradients.Pointer + ((nint)b * Stride);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += g[i];
        }
        return sum;
    }

    private NativeBuffer<float> Allocate(nint length)
    {
        NativeBuffer<float> buffer = new(length);
        _buffers.Add(buffer);
        return buffer;
    }

    private void SetWeights(float[] weights)
    {
        PanelMatrix.Write(_unrounded ?? _w, weights, Rows, Columns);
        if (_unrounded is null)
            return;
        for (nint k = 0; k < _w.Length; k++)
            _w.Pointer[k] = LavaWeights.Round<SimdScalar, float>(_unrounded.Pointer[k]);
    }

    private void StartNormalization()
    {
        NativeBuffer<float> weights = _unrounded ?? _w;
        Buffer.MemoryCopy(
            weights.Pointer,
            _direction!.Pointer,
            _direction.Length * sizeof(float),
            weights.Length * sizeof(float)
        );
        for (int i = 0; i < Columns; i++)
        {
            double square = 0;
            for (int j = 0; j < Rows; j++)
            {
                double w = weights.Pointer[WeightPanels.Index(Rows, j, i)];
                square += w * w;
            }
            _length!.Pointer[i] = (float)Math.Sqrt(square);
        }
    }

    /// <summary>
    /// A row without an event so far has moments of 0, and only such a row has no effect if it is skipped: not where
    /// weights move without a gradient, too.
    /// </summary>
    private void MarkTouchedRows()
    {
        _gradient?.Clear(); // Between the parts of a batch a row without an event counts on 0.
        if (_movesAllRows)
            return;
        Events.Touched.Span.Clear();
        for (int p = 0; p < WeightPanels.Count(Columns); p++)
        {
            WeightPanel panel = Weights(p);
            for (nint k = 0; k < (nint)Rows * WeightPanels.Width; k++)
            {
                if (panel.M[k] != 0 || panel.V[k] != 0)
                    Events.Touched.Pointer[k / WeightPanels.Width] = 1;
            }
        }
    }
}
