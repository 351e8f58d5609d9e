using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Rouser.Coordination;
using Rouser.Core.Parameters;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// A run as a log folder of TensorBoard 2: an event file for the sweep and one in a folder of each trial that has begun.
/// Scalars are those of each epoch and, in the last one, the trial's results as <c>result/NAME</c>. What trials differ
/// in is in the tab HPARAMS, with the seeds of a setting as one group.
/// </summary>
/// <remarks>
/// Numbers of fields: <c>Event</c> {1 wall_time, 2 step, 3 file_version, 5 summary}, <c>Summary</c> {1 value},
/// <c>Value</c> {1 tag, 2 simple_value, 8 tensor, 9 metadata}, <c>SummaryMetadata</c> {1 plugin_data}, <c>PluginData</c>
/// {1 plugin_name, 2 content} (tensorboard/compat/proto); <c>HParamsPluginData</c> {2 experiment, 3 session_start_info,
/// 4 session_end_info}, <c>Experiment</c> {3 time_created_secs, 4 hparam_infos, 5 metric_infos, 6 name},
/// <c>HParamInfo</c> {1 name, 4 type, 5 domain_discrete, 6 domain_interval}, <c>MetricInfo</c> {1 name {2 tag}},
/// <c>SessionStartInfo</c> {1 hparams, 4 group_name, 5 start_time_secs}, <c>SessionEndInfo</c> {1 status, 2
/// end_time_secs} (tensorboard/plugins/hparams); <c>Value</c> {2 number_value, 3 string_value, 4 bool_value},
/// <c>ListValue</c> {1 values} (google/protobuf/struct.proto). A scalar is a <c>float</c>: TensorBoard's loader takes
/// no other, so that a number has seven digits here.
/// </remarks>
internal static class TensorBoardFiles
{
    private const string Plugin = "hparams";

    /// <summary>More different texts than this are not listed for the filter.</summary>
    private const int MostWords = 100;

    /// <summary>Writes it into an empty folder.</summary>
    public static void Write(ExportedRun run, string folder)
    {
        FolderNames names = new();
        DateTimeOffset first = run.Trials.Select(t => t.AssignedAt).Min() ?? DateTimeOffset.UnixEpoch;
        WriteFile(folder, first, [Experiment(run, first)]);
        foreach ((ExportedTrial trial, IEnumerable<ExportedEpoch> epochs) in run.WithLayers().Where(t => t.Trial.HasBegun))
        {
            string of = Path.Combine(folder, names.Of(trial));
            Directory.CreateDirectory(of);
            WriteFile(of, trial.AssignedAt ?? DateTimeOffset.UnixEpoch, EventsOf(run, trial, epochs));
        }
    }

    private static IEnumerable<ProtobufWriter> EventsOf(ExportedRun run, ExportedTrial trial, IEnumerable<ExportedEpoch> epochs)
    {
        DateTimeOffset at = trial.AssignedAt ?? DateTimeOffset.UnixEpoch;
        yield return HParams(
            at,
            "_hparams_/session_start_info",
            data =>
                data.Message(
                    3,
                    start =>
                    {
                        foreach ((string name, ParameterValue value) in HyperparametersOf(run, trial))
                            start.Message(1, entry => entry.Text(1, name).Message(2, v => Write(v, value)));
                        start.Text(4, $"{trial.Study} {trial.Arm} {trial.Setting}").Double(5, Seconds(at));
                    }
                )
        );
        int last = 0;
        foreach (ExportedEpoch epoch in epochs)
        {
            (at, last) = (epoch.At, epoch.Number);
            yield return Scalars(epoch.At, epoch.Number, epoch.Values);
        }
        at = trial.EndedAt ?? at;
        if (trial.Results.Count > 0)
            yield return Scalars(at, last, trial.Results.Select(r => KeyValuePair.Create($"result/{r.Key}", r.Value)));
        yield return HParams(
            at,
            "_hparams_/session_end_info",
            data => data.Message(4, end => end.Number(1, StatusOf(trial.State)).Double(2, Seconds(at)))
        );
    }

    /// <summary>The trial's arm and study, where there are several, and the parameters that vary.</summary>
    private static IEnumerable<KeyValuePair<string, ParameterValue>> HyperparametersOf(ExportedRun run, ExportedTrial trial)
    {
        yield return KeyValuePair.Create<string, ParameterValue>("arm", new ParameterValue.Text(trial.Arm));
        if (run.Metadata.Studies.Count > 1)
            yield return KeyValuePair.Create<string, ParameterValue>("study", new ParameterValue.Text(trial.Study));
        foreach (string name in run.Varied)
        {
            if (trial.Parameters.Find(name) is { } value)
                yield return KeyValuePair.Create(name, value);
        }
    }

    private static ProtobufWriter Experiment(ExportedRun run, DateTimeOffset at)
    {
        Dictionary<string, List<ParameterValue>> values = new(StringComparer.Ordinal);
        foreach (
            (string name, ParameterValue value) in run.Trials.Where(t => t.HasBegun).SelectMany(t => HyperparametersOf(run, t))
        )
        {
            if (!values.TryGetValue(name, out List<ParameterValue>? seen))
                values[name] = seen = [];
            seen.Add(value);
        }
        return HParams(
            at,
            "_hparams_/experiment",
            data =>
                data.Message(
                    2,
                    experiment =>
                    {
                        experiment.Double(3, Seconds(at));
                        foreach ((string name, List<ParameterValue> all) in values)
                            experiment.Message(4, info => Describe(info, name, all));
                        foreach (string tag in (IEnumerable<string>)["result/objective", .. run.EpochNumbers])
                            experiment.Message(5, info => info.Message(1, metric => metric.Text(2, tag)));
                        experiment.Text(6, run.Metadata.SweepName);
                    }
                )
        );
    }

    private static void Describe(ProtobufWriter info, string name, List<ParameterValue> values)
    {
        const int text = 1,
            boolean = 2,
            number = 3;
        double[] numbers = [.. values.Select(Number).OfType<double>()];
        bool areNumbers = numbers.Length == values.Count,
            areTruths = values.TrueForAll(v => v is ParameterValue.Boolean);
        info.Text(1, name)
            .Number(
                4,
                areNumbers ? number
                    : areTruths ? boolean
                    : text
            );
        ParameterValue[] distinct = [.. values.Distinct()];
        if (areNumbers)
            info.Message(6, interval => interval.Double(1, numbers.Min()).Double(2, numbers.Max()));
        else if (distinct.Length <= MostWords)
            info.Message(
                5,
                list =>
                {
                    foreach (ParameterValue value in distinct.OrderBy(v => v.ToString(), StringComparer.Ordinal))
                        list.Message(1, v => WriteAs(v, value, areTruths));
                }
            );
    }

    private static void WriteAs(ProtobufWriter message, ParameterValue value, bool isTruth)
    {
        if (isTruth)
            Write(message, value);
        else
            message.Text(3, value.ToString());
    }

    private static void Write(ProtobufWriter message, ParameterValue value)
    {
        if (Number(value) is { } number)
            message.Double(2, number);
        else if (value is ParameterValue.Boolean truth)
            message.Number(4, truth.Value ? 1 : 0);
        else
            message.Text(3, value.ToString());
    }

    private static double? Number(ParameterValue value) =>
        value switch
        {
            ParameterValue.Real real => real.Value,
            ParameterValue.Integer whole => whole.Value,
            _ => null,
        };

    private static int StatusOf(TrialState state) =>
        state switch
        {
            TrialState.Completed or TrialState.Pruned => 1,
            TrialState.Failed or TrialState.Lost or TrialState.Cancelled => 2,
            TrialState.Running => 3,
            _ => 0,
        };

    private static ProtobufWriter Scalars(DateTimeOffset at, int step, IEnumerable<KeyValuePair<string, double>> values) =>
        new ProtobufWriter()
            .Double(1, Seconds(at))
            .Number(2, step)
            .Message(
                5,
                summary =>
                {
                    foreach ((string tag, double value) in values)
                        summary.Message(1, scalar => scalar.Text(1, tag).Float(2, (float)value));
                }
            );

    private static ProtobufWriter HParams(DateTimeOffset at, string tag, Action<ProtobufWriter> write)
    {
        ProtobufWriter data = new();
        write(data);
        return new ProtobufWriter()
            .Double(1, Seconds(at))
            .Message(
                5,
                summary =>
                    summary.Message(
                        1,
                        value =>
                            value
                                .Text(1, tag)
                                // A tensor of type float and without dimensions, which means none.
                                .Message(8, tensor => tensor.Number(1, 1).Message(2, _ => { }))
                                .Message(9, meta => meta.Message(1, plugin => plugin.Text(1, Plugin).Bytes(2, data.Written)))
                    )
            );
    }

    private static double Seconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static void WriteFile(string folder, DateTimeOffset begins, IEnumerable<ProtobufWriter> events)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{begins.ToUnixTimeSeconds():D10}.rouser");
        using FileStream file = File.Create(Path.Combine(folder, name));
        WriteRecord(file, new ProtobufWriter().Double(1, Seconds(begins)).Text(3, "brain.Event:2").Written);
        foreach (ProtobufWriter e in events)
            WriteRecord(file, e.Written);
    }

    /// <summary>TFRecord: length, its checksum, the data, its checksum; little-endian.</summary>
    private static void WriteRecord(FileStream file, ReadOnlySpan<byte> data)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)],
            checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        file.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Masked(length));
        file.Write(checksum);
        file.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Masked(data));
        file.Write(checksum);
    }

    /// <summary>
    /// CRC-32C, turned by 15 bits and moved by a constant, since a checksum of data that contains checksums is weak.
    /// </summary>
    private static uint Masked(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (byte b in data)
            crc = BitOperations.Crc32C(crc, b);
        return unchecked(BitOperations.RotateRight(~crc, 15) + 0xA282EAD8);
    }
}
