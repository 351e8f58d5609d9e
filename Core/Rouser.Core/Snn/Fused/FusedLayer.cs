namespace Rouser.Core.Snn.Fused;

/// <summary>
/// One layer's parameters and what a batch leaves behind in it. Matrices lie in panels (<see cref="Panel"/>); the padded columns have no weights
/// and a threshold out of reach, so that they never spike and never get a gradient.
/// </summary>
internal sealed unsafe class FusedLayer : IDisposable
{
    private const float OutOfReach = 1e30f;

    private readonly List<IDisposable> _buffers = [];
    private readonly NativeBuffer<float> _w, _m, _v, _th, _thM, _thV, _gTh, _potentials;
    private readonly NativeBuffer<float>? _transposed, _gradient, _direction, _length, _lengthM, _lengthV;
    private readonly NativeBuffer<uint> _spikes;
    private readonly NativeBuffer<int> _counts;
    private readonly int _batchSize, _steps;

    /// <summary>Takes the memory of layer <paramref name="number"/> (from 1) and draws its initial weights.</summary>
    public FusedLayer(TrainingSettings settings, int number, bool keepGradients)
    {
        (Number, _batchSize, _steps) = (number, settings.BatchSize, settings.StepCount);
        Inputs = number == 1 ? settings.InputCount : settings.LayerSizes[number - 2];
        Neurons = settings.LayerSizes[number - 1];
        Panels = Panel.Count(Neurons);
        Lag = new NeuronConstants(settings.Neuron, settings.Surrogate).InputLag(number == 1);
        nint matrix = (nint)Inputs * Panels * Panel.Width, row = (nint)Panels * Panel.Width;
        bool normalize = settings.Weights.Normalize;
        (_w, _m, _v) = (Take(matrix), Take(matrix), Take(matrix));
        (_th, _thM, _thV, _gTh) = (Take(row), Take(row), Take(row), Take(row * _batchSize));
        _potentials = Take(row * _batchSize * (_steps + 1));
        if (number > 1) _transposed = Take((nint)Panel.Count(Inputs) * Neurons * Panel.Width);
        if (normalize || keepGradients) _gradient = Take(matrix);
        if (normalize) (_direction, _length, _lengthM, _lengthV) = (Take(matrix), Take(row), Take(row), Take(row));
        _buffers.Add(_spikes = new NativeBuffer<uint>((nint)Panels * _batchSize * _steps));
        _buffers.Add(_counts = new NativeBuffer<int>(row * _batchSize));
        _buffers.Add(Events = new EventColumns(Inputs, _batchSize, _steps, Lag));

        PanelMatrix.Write(_w, InitialWeights.Draw(settings, number), Inputs, Neurons);
        _th.Span.Fill(OutOfReach);
        _th.Span[..Neurons].Fill((float)settings.Threshold.Init);
        if (normalize) StartNormalization();
    }

    /// <summary>From 1.</summary>
    public int Number { get; }

    /// <summary>Neurons below.</summary>
    public int Inputs { get; }

    /// <summary>Neurons in the layer.</summary>
    public int Neurons { get; }

    /// <summary>Panels that they take.</summary>
    public int Panels { get; }

    /// <summary>d, the steps from a spike below to the current.</summary>
    public int Lag { get; }

    /// <summary>The batch's events below the layer.</summary>
    public EventColumns Events { get; }

    /// <summary>The thresholds, <c>[32·panels]</c>.</summary>
    public NativeBuffer<float> Thresholds => _th;

    /// <summary>Adam's first moment of the thresholds, <c>[32·panels]</c>.</summary>
    public float* ThresholdM => _thM.Pointer;

    /// <summary>Adam's second moment of the thresholds, <c>[32·panels]</c>.</summary>
    public float* ThresholdV => _thV.Pointer;

    /// <summary>Spikes of each neuron in a sample, <c>[32·panels]</c>; samples lie <see cref="Stride"/> apart.</summary>
    public int* Counts(int sample) => _counts.Pointer + ((nint)sample * Stride);

    /// <summary>∂L/∂Th of a sample, <c>[32·panels]</c>.</summary>
    public float* ThresholdGradient(int sample) => _gTh.Pointer + ((nint)sample * Stride);

    /// <summary>Padded neurons.</summary>
    public int Stride => Panels * Panel.Width;

    /// <summary>A panel's potentials for a sample, <c>[T + 1 × 32]</c>; after the backward pass ∂L/∂I. Row T stays 0.</summary>
    public float* Potentials(int panel, int sample) => _potentials.Pointer + ((((nint)panel * _batchSize) + sample) * (_steps + 1) * Panel.Width);

    /// <summary>Floats between one panel's potentials and the next's.</summary>
    public nint PotentialPanelStride => (nint)_batchSize * (_steps + 1) * Panel.Width;

    /// <summary>A sample's spikes, <c>[panels × T]</c> words.</summary>
    public uint* Spikes(int sample) => _spikes.Pointer + ((nint)sample * Panels * _steps);

    /// <summary>The weights for a panel of the layer below, <c>[out × 32]</c>, as of the last <see cref="Transpose"/>.</summary>
    public float* Transposed(int panelBelow) => _transposed!.Pointer + ((nint)panelBelow * Neurons * Panel.Width);

    /// <summary>A panel of the weights and what belongs to it.</summary>
    public WeightPanel Weights(int panel)
    {
        nint at = (nint)panel * Inputs * Panel.Width, column = (nint)panel * Panel.Width;
        return new WeightPanel
        {
            W = _w.Pointer + at,
            M = _m.Pointer + at,
            V = _v.Pointer + at,
            Gradient = _gradient is null ? null : _gradient.Pointer + at,
            Direction = _direction is null ? null : _direction.Pointer + at,
            Length = _length is null ? null : _length.Pointer + column,
            LengthM = _lengthM is null ? null : _lengthM.Pointer + column,
            LengthV = _lengthV is null ? null : _lengthV.Pointer + column,
        };
    }

    /// <summary>The weights' last gradient, <c>[in × out]</c>, if the engine was made to keep it.</summary>
    public float[] WeightGradient() => PanelMatrix.Read(_gradient!, Inputs, Neurons);

    /// <summary>The potentials of a sample after the forward pass, <c>[T × N]</c>; a copy.</summary>
    public float[] ReadPotentials(int sample) =>
        Read((t, i) => Potentials(i / Panel.Width, sample)[(t * Panel.Width) + (i % Panel.Width)]);

    /// <summary>The spikes of a sample, <c>[T × N]</c> of 0 and 1; a copy.</summary>
    public float[] ReadSpikes(int sample) =>
        Read((t, i) => (Spikes(sample)[(i / Panel.Width * _steps) + t] >> (i % Panel.Width)) & 1);

    /// <summary>Brings <see cref="Transposed"/> up to date for one panel of the layer below.</summary>
    public void Transpose(int panelBelow)
    {
        int from = panelBelow * Panel.Width, rows = Math.Min(Panel.Width, Inputs - from);
        float* target = Transposed(panelBelow);
        for (int i = 0; i < Neurons; i++)
        {
            float* source = _w.Pointer + Panel.Index(Inputs, from, i);
            for (int j = 0; j < rows; j++) target[(i * Panel.Width) + j] = source[j * Panel.Width];
        }
    }

    /// <summary>The layer's state; a copy.</summary>
    public LayerState Export()
    {
        Dictionary<string, float[]> tensors = [];
        foreach ((string name, NativeBuffer<float> buffer, int rows) in Tensors()) tensors.Add(name, PanelMatrix.Read(buffer, rows, Neurons));
        return new LayerState(Inputs, Neurons, PanelMatrix.Read(_w, Inputs, Neurons), _th.Span[..Neurons].ToArray(), tensors);
    }

    /// <summary>Goes on from an exported state.</summary>
    /// <exception cref="ArgumentException">The state is of another network.</exception>
    public void Import(LayerState state)
    {
        if (state.InputCount != Inputs || state.NeuronCount != Neurons)
        {
            throw new ArgumentException(
                $"The state's layer {Number} is {state.InputCount} × {state.NeuronCount}, the network's {Inputs} × {Neurons}.", nameof(state));
        }
        PanelMatrix.Write(_w, state.Weights, Inputs, Neurons);
        state.Thresholds.CopyTo(_th.Span);
        foreach ((string name, NativeBuffer<float> buffer, int rows) in Tensors())
        {
            if (!state.Tensors.TryGetValue(name, out float[]? values))
                throw new ArgumentException($"The state's layer {Number} lacks the tensor {name}.", nameof(state));
            PanelMatrix.Write(buffer, values, rows, Neurons);
        }
        MarkTouchedRows();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable buffer in _buffers) buffer.Dispose();
    }

    private float[] Read(Func<int, int, float> at)
    {
        float[] values = new float[_steps * Neurons];
        for (int k = 0; k < values.Length; k++) values[k] = at(k / Neurons, k % Neurons);
        return values;
    }

    private IEnumerable<(string Name, NativeBuffer<float> Buffer, int Rows)> Tensors()
    {
        yield return ("weights.m", _m, Inputs);
        yield return ("weights.v", _v, Inputs);
        yield return ("thresholds.m", _thM, 1);
        yield return ("thresholds.v", _thV, 1);
        if (_direction is null) yield break;
        yield return ("direction", _direction, Inputs);
        yield return ("length", _length!, 1);
        yield return ("length.m", _lengthM!, 1);
        yield return ("length.v", _lengthV!, 1);
    }

    private NativeBuffer<float> Take(nint length)
    {
        NativeBuffer<float> buffer = new(length);
        _buffers.Add(buffer);
        return buffer;
    }

    private void StartNormalization()
    {
        Buffer.MemoryCopy(_w.Pointer, _direction!.Pointer, _direction.Length * sizeof(float), _w.Length * sizeof(float));
        for (int i = 0; i < Neurons; i++)
        {
            double square = 0;
            for (int j = 0; j < Inputs; j++)
            {
                double w = _w.Pointer[Panel.Index(Inputs, j, i)];
                square += w * w;
            }
            _length!.Pointer[i] = (float)Math.Sqrt(square);
        }
    }

    /// <summary>A row without an event so far has moments of 0, and only such a row has no effect if it is skipped.</summary>
    private void MarkTouchedRows()
    {
        Events.Touched.Span.Clear();
        for (int p = 0; p < Panels; p++)
        {
            WeightPanel panel = Weights(p);
            for (nint k = 0; k < (nint)Inputs * Panel.Width; k++)
            {
                if (panel.M[k] != 0 || panel.V[k] != 0) Events.Touched.Pointer[k / Panel.Width] = 1;
            }
        }
    }
}
