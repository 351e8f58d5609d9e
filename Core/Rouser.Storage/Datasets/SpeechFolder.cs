using System.Globalization;
using System.Security.Cryptography;
using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>
/// Spiking Heidelberg Digits as published: two HDF5 files, which are read one sample after the other.
/// </summary>
internal sealed class SpeechFolder(DatasetSettings settings, string train, string test) : IDatasetSource
{
    private readonly EventBinning _binning = DatasetCatalog.Shd.Binning(
        settings.Steps,
        settings.StepMilliseconds,
        settings.Raster
    );

    public IReadOnlyList<string> Files => [train, test];

    public IReadOnlyList<string> Remarks => [];

    public string Recipe =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"shd {SpikingSpeechFile.Version} train {settings.TrainSamples?.ToString(CultureInfo.InvariantCulture) ?? "all"} test "
                + $"{settings.TestSamples?.ToString(CultureInfo.InvariantCulture) ?? "all"}"
        ) + BinningText.Of(_binning);

    /// <summary>Finds the files, without reading them.</summary>
    public static Result<IDatasetSource> Open(DatasetSettings settings)
    {
        if (settings.Root is not { Length: > 0 } root)
            return new UserError("dataset.root", "is missing; shd needs the folder that holds shd_train.h5 and shd_test.h5");
        if (!Directory.Exists(root))
            return new UserError(root, "no such folder; set dataset.root to the folder that holds shd_train.h5 and shd_test.h5");
        string train = Path.Combine(root, "shd_train.h5"),
            test = Path.Combine(root, "shd_test.h5");
        foreach (string path in new[] { train, test })
        {
            if (!File.Exists(path))
                return new UserError(path, $"no such file; unpack {Path.GetFileName(path)}.zip into {root}");
        }
        return new SpeechFolder(settings, train, test);
    }

    public Result<string> Digest(Action<DatasetProgress>? watch, CancellationToken cancellation) =>
        FileDigest.Of(this, "shd", watch, cancellation);

    public Result<Dataset> Load(Action<DatasetProgress>? watch, CancellationToken cancellation) =>
        Load(train, settings.TrainSamples, "train", watch, cancellation)
            .Then(first =>
                Load(test, settings.TestSamples, "test", watch, cancellation)
                    .Then<Dataset>(second =>
                        new CheckedSet(DatasetCatalog.Shd.ClassNames, first.Samples, second.Samples).ToDataset(
                            settings.Name,
                            synthetic: false,
                            FileDigest.Combine(Recipe, first.Hash, second.Hash),
                            _binning
                        )
                    )
            );

    private Result<(byte[] Hash, CheckedSample[] Samples)> Load(
        string path,
        int? wanted,
        string part,
        Action<DatasetProgress>? watch,
        CancellationToken cancellation
    ) =>
        RegularFile.Read(
            path,
            stream =>
            {
                byte[] hash = SHA256.HashData(stream);
                return SpikingSpeechFile
                    .Open(stream, path)
                    .Then(speech =>
                    {
                        if (speech.Count == 0)
                            return new UserError(path, "holds no samples; fetch it again");
                        if (wanted > speech.Count)
                            return new UserError(
                                path,
                                $"holds {speech.Count} samples, but dataset.{part}_samples asks for {wanted}; "
                                    + $"lower it or leave it out"
                            );
                        CheckedSample[] samples = new CheckedSample[wanted ?? speech.Count];
                        Action<int>? done = DatasetProgress.Of(watch, $"decoding shd, {part}", samples.Length);
                        for (int i = 0; i < samples.Length; i++)
                        {
                            cancellation.ThrowIfCancellationRequested();
                            Result<CheckedSample> sample = speech
                                .Label(i)
                                .Then(label =>
                                    speech
                                        .Spikes(i)
                                        .Then<CheckedSample>(spikes =>
                                            CheckedSample.Of(
                                                spikes,
                                                _binning,
                                                label,
                                                string.Create(CultureInfo.InvariantCulture, $"{part} sample {i}")
                                            ) with
                                            {
                                                Group = speech.Speaker(i),
                                            }
                                        )
                                );
                            if (!sample.IsOk)
                                return Result<(byte[], CheckedSample[])>.Failed(sample.Errors);
                            samples[i] = sample.Value;
                            done?.Invoke(i + 1);
                        }
                        return (Result<(byte[], CheckedSample[])>)(hash, samples);
                    });
            }
        );
}
