using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Data.Recordings;

namespace Rouser.Data.Tests;

/// <summary>The first samples of a generator as one number, to pin what a seed gives.</summary>
internal static class GeneratorHash
{
    /// <summary>SHA-256 over the events of 22 samples, which are of training and of test in turn.</summary>
    public static string Of(IEventGenerator generator) => Of(generator.Record);

    /// <inheritdoc cref="Of(IEventGenerator)"/>
    public static string Of(Func<DatasetSplit, int, SensorEvent[]> record)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < 22; i++)
        {
            foreach (SensorEvent e in record(i % 2 == 0 ? DatasetSplit.Train : DatasetSplit.Test, i))
                hash.AppendData(
                    Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{e.Microseconds} {e.X} {e.Y} {e.On}\n"))
                );
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
