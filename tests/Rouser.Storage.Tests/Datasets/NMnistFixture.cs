namespace Rouser.Storage.Tests.Datasets;

/// <summary>
/// A small folder in N-MNIST's layout under the temporary folder: three recordings a class to train on, one to test
/// on.
/// </summary>
internal sealed class NMnistFixture : IDisposable
{
    public NMnistFixture()
    {
        for (int digit = 0; digit < 10; digit++)
        {
            for (int k = 0; k < 3; k++)
                Write($"Train/{digit}/{10 * k + (7 * digit % 10) + 1:D5}.bin", Recording(digit, k));
            Write($"Test/{digit}/{digit + 1:D5}.bin", Recording(digit, 9));
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("rouser-nmnist-").FullName;

    public string PathOf(string relative) => Path.Combine([Root, .. relative.Split('/')]);

    public void Write(string relative, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllBytes(PathOf(relative), bytes);
    }

    /// <summary>Twenty events, one per ms, on a row and with a polarity that tell digit and number apart.</summary>
    public static byte[] Recording(int digit, int k) =>
        [
            .. Enumerable
                .Range(0, 20)
                .SelectMany(i =>
                    new byte[]
                    {
                        (byte)i,
                        (byte)((3 * digit) + (k % 3)),
                        (byte)(k % 2 * 128),
                        (byte)(i * 1000 >> 8),
                        (byte)(i * 1000),
                    }
                ),
        ];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
