using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Core.Parameters;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// A run as offline runs of Weights &amp; Biases (wandb 0.13 and later), a folder for each trial that has begun, for
/// <c>wandb sync</c>. A run's identity is the trial's, so that to upload it again changes nothing.
/// </summary>
/// <remarks>
/// A <c>.wandb</c> file begins with <c>:W&amp;B</c>, the number 0xBEE1 and version 0. Records of LevelDB's log format
/// follow, in blocks of 32 KiB; their checksum is the plain CRC-32 (IEEE) of type and data, not LevelDB's masked
/// CRC-32C. Numbers of fields (wandb/proto/wandb_internal.proto): <c>Record</c> {1 num, 2 history, 3 summary, 17 run, 18
/// exit, 21 header, 22 footer}, <c>RunRecord</c> {1 run_id, 3 project, 4 config, 6 run_group, 8 display_name, 10 tags, 17
/// start_time {1 seconds, 2 nanos}}, <c>ConfigRecord</c> and <c>SummaryRecord</c> {1 update}, <c>HistoryRecord</c> {1
/// item, 2 step {1 num}}, each item {1 key, 16 value_json}, <c>RunExitRecord</c> {1 exit_code, 2 runtime},
/// <c>HeaderRecord</c> {1 version_info {1 producer, 2 min_consumer}}.
/// </remarks>
internal static class WandbOffline
{
    /// <summary>The version of wandb whose offline runs are like these.</summary>
    private const string Version = "0.13.0";

    // W&B takes no longer project and no longer tag.
    private const int LongestProject = 128,
        LongestTag = 64;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it into an empty folder.</summary>
    public static void Write(ExportedRun run, string folder)
    {
        foreach ((ExportedTrial trial, IEnumerable<ExportedEpoch> epochs) in run.WithLayers().Where(t => t.Trial.HasBegun))
        {
            DateTimeOffset start = trial.AssignedAt ?? DateTimeOffset.UnixEpoch;
            string of = Path.Combine(
                folder,
                string.Create(CultureInfo.InvariantCulture, $"offline-run-{start.UtcDateTime:yyyyMMdd_HHmmss}-{trial.Id}")
            );
            // `wandb sync` looks for both.
            Directory.CreateDirectory(Path.Combine(of, "files"));
            Directory.CreateDirectory(Path.Combine(of, "logs"));
            using FileStream file = File.Create(Path.Combine(of, $"run-{trial.Id}.wandb"));
            WriteRecords(new Log(file), run, trial, epochs, start);
        }
    }

    private static void WriteRecords(
        Log log,
        ExportedRun run,
        ExportedTrial trial,
        IEnumerable<ExportedEpoch> epochs,
        DateTimeOffset start
    )
    {
        log.Write(21, header => header.Message(1, version => version.Text(1, Version).Text(2, Version)));
        log.Write(
            17,
            record =>
            {
                record.Text(1, trial.Id).Text(3, SafeName.Of(run.Metadata.SweepName, LongestProject));
                record.Message(4, config => WriteItems(config, ConfigOf(trial)));
                record.Text(6, OneLine.Of($"{trial.Study} {trial.Arm} {trial.Setting}")).Text(8, OneLine.Of(trial.Title));
                foreach (string tag in (string[])[trial.Arm, trial.State.ToName()])
                    record.Text(10, OneLine.Of(tag, LongestTag));
                record.Message(17, time => time.Number(1, start.ToUnixTimeSeconds()).Number(2, Nanoseconds(start)));
            }
        );
        Dictionary<string, double> last = new(StringComparer.Ordinal);
        DateTimeOffset at = start;
        foreach (ExportedEpoch epoch in epochs)
        {
            at = epoch.At;
            log.Write(
                2,
                history =>
                {
                    foreach ((string name, double value) in epoch.Values.Concat(Clocks(epoch, start)))
                    {
                        history.Message(1, item => WriteItem(item, name, Json(value)));
                        last[name] = value;
                    }
                    history.Message(2, step => step.Number(1, epoch.Number));
                }
            );
        }
        foreach ((string name, double value) in trial.Results)
            last[$"result/{name}"] = value;
        log.Write(3, summary => WriteItems(summary, last.Select(v => KeyValuePair.Create(v.Key, Json(v.Value)))));
        // A run that goes on has not exited. Uploaded, it stays one that runs until it is uploaded again.
        if (trial.HasEnded)
            log.Write(18, exit => exit.Number(1, ExitCodeOf(trial.State)).Number(2, (long)(at - start).TotalSeconds));
        log.Write(22, _ => { });
    }

    private static IEnumerable<KeyValuePair<string, double>> Clocks(ExportedEpoch epoch, DateTimeOffset start) =>
        [
            KeyValuePair.Create("_step", (double)epoch.Number),
            KeyValuePair.Create("_runtime", (epoch.At - start).TotalSeconds),
            KeyValuePair.Create("_timestamp", epoch.At.ToUnixTimeMilliseconds() / 1000.0),
        ];

    private static IEnumerable<KeyValuePair<string, string>> ConfigOf(ExportedTrial trial) =>
        trial
            .Parameters.Values.Select(p => KeyValuePair.Create(p.Key, Json(p.Value)))
            .Concat([
                KeyValuePair.Create("rouser/study", Json(trial.Study)),
                KeyValuePair.Create("rouser/arm", Json(trial.Arm)),
                KeyValuePair.Create("rouser/setting", Json(trial.Setting)),
                KeyValuePair.Create("rouser/seed", trial.Seed.ToString(CultureInfo.InvariantCulture)),
                KeyValuePair.Create("rouser/engine", Json(trial.Engine)),
                KeyValuePair.Create("rouser/state", Json(trial.State.ToName())),
                KeyValuePair.Create("rouser/reason", Json(trial.Reason ?? "")),
            ]);

    private static void WriteItems(ProtobufWriter message, IEnumerable<KeyValuePair<string, string>> items)
    {
        foreach ((string key, string json) in items)
            message.Message(1, item => WriteItem(item, key, json));
    }

    private static void WriteItem(ProtobufWriter item, string key, string json) => item.Text(1, key).Text(16, json);

    private static string Json(string text) => JsonSerializer.Serialize(OneLine.Of(text), Relaxed);

    private static string Json(ParameterValue value) =>
        value switch
        {
            ParameterValue.Real real => Json(real.Value),
            ParameterValue.Text text => Json(text.Value),
            // The others write themselves as JSON does: 3, true, [512, 10].
            _ => value.ToString(),
        };

    // JSON has no word for them; W&B writes these texts.
    private static string Json(double value) =>
        double.IsNaN(value) ? "\"NaN\""
        : double.IsInfinity(value)
            ? value > 0 ? "\"Infinity\""
                : "\"-Infinity\""
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static int ExitCodeOf(TrialState state) => state is TrialState.Completed or TrialState.Pruned ? 0 : 1;

    private static int Nanoseconds(DateTimeOffset at) => (int)(at.UtcTicks % TimeSpan.TicksPerSecond) * 100;

    /// <summary>Records in blocks, see https://github.com/google/leveldb/blob/main/doc/log_format.md.</summary>
    private sealed class Log
    {
        private const int Block = 32768,
            Header = 7;

        private const byte Full = 1,
            First = 2,
            Middle = 3,
            Last = 4;

        private static readonly byte[] Padding = new byte[Header];

        private readonly FileStream _file;
        private long _records;

        public Log(FileStream file)
        {
            _file = file;
            file.Write(":W&B"u8);
            file.Write([0xE1, 0xBE, 0]);
        }

        /// <summary>Writes a <c>Record</c> with one field.</summary>
        public void Write(int field, Action<ProtobufWriter> write) =>
            Write(new ProtobufWriter().Number(1, ++_records).Message(field, write).Written);

        private void Write(ReadOnlySpan<byte> data)
        {
            for (bool isFirst = true; ; isFirst = false)
            {
                int room = Block - (int)(_file.Position % Block);
                if (room < Header)
                {
                    _file.Write(Padding.AsSpan(0, room));
                    room = Block;
                }
                ReadOnlySpan<byte> part = data[..Math.Min(data.Length, room - Header)];
                data = data[part.Length..];
                byte type = (isFirst, data.IsEmpty) switch
                {
                    (true, true) => Full,
                    (true, false) => First,
                    (false, false) => Middle,
                    (false, true) => Last,
                };
                WritePart(type, part);
                if (data.IsEmpty)
                    return;
            }
        }

        private void WritePart(byte type, ReadOnlySpan<byte> part)
        {
            Crc32 crc = new();
            crc.Append([type]);
            crc.Append(part);
            Span<byte> header = stackalloc byte[Header];
            BinaryPrimitives.WriteUInt32LittleEndian(header, crc.GetCurrentHashAsUInt32());
            BinaryPrimitives.WriteUInt16LittleEndian(header[4..], (ushort)part.Length);
            header[6] = type;
            _file.Write(header);
            _file.Write(part);
        }
    }
}
