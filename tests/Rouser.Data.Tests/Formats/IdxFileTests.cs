using System.IO.Compression;
using Rouser.Data.Formats;
using Rouser.Testing;

namespace Rouser.Data.Tests.Formats;

public class IdxFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_and_labels_come_as_they_were_written_plain_or_packed(bool packed)
    {
        byte[] images = [.. IdxBytes.Header(0x803, 2, 28, 28), .. Image(3), .. Image(200)],
            labels = [.. IdxBytes.Header(0x801, 2), 7, 9];
        Assert.Equal([Image(3), Image(200)], Images(packed ? Pack(images) : images).Value);
        Assert.Equal([7, 9], Labels(packed ? Pack(labels) : labels).Value);
    }

    [Fact]
    public void Of_a_long_file_the_first_are_read() =>
        Assert.Equal([Image(3)], Images([.. IdxBytes.Header(0x803, 2, 28, 28), .. Image(3), .. Image(200)], wanted: 1).Value);

    [Fact]
    public void What_is_wrong_with_a_file_is_said_in_one_line()
    {
        byte[] whole = [.. IdxBytes.Header(0x803, 2, 28, 28), .. Image(3), .. Image(200)];
        Assert.Contains("no IDX file of images", Wrong(Images([])));
        Assert.Contains("no IDX file of images", Wrong(Images([0x1F])));
        Assert.Contains("no IDX file of images", Wrong(Images([.. IdxBytes.Header(0x801, 2), 7, 9])));
        Assert.Contains("no IDX file of labels", Wrong(Labels(whole)));
        Assert.Contains("images of 28×32", Wrong(Images([.. IdxBytes.Header(0x803, 1, 28, 32), .. new byte[28 * 32]])));
        Assert.Contains("ends after 1 whole images", Wrong(Images(whole[..^1])));
        Assert.Contains("holds more than its 2", Wrong(Images([.. whole, 0])));
        Assert.Contains("the sweep asks for 3", Wrong(Images(whole, wanted: 3)));
        // A length alone allocates nothing.
        Assert.Contains("ends after 0", Wrong(Images(IdxBytes.Header(0x803, 1_000_000, 28, 28))));
        Assert.Contains("says that it holds 4294967295", Wrong(Images(IdxBytes.Header(0x803, uint.MaxValue, 28, 28))));
        Assert.Contains("gives image 1 the label 10", Wrong(Labels([.. IdxBytes.Header(0x801, 2), 7, 10])));
        byte[] damaged = Pack(whole);
        damaged[^6] ^= 0x40;
        Assert.Contains("damaged gzip", Wrong(Images(damaged)));
    }

    /// <summary>Sums and counts by Python's gzip, struct and collections.</summary>
    [SharedDataFact]
    public void The_digits_are_those_that_another_reader_finds()
    {
        byte[][] train = Images(File.ReadAllBytes(SharedData.Path("mnist", "train-images-idx3-ubyte.gz"))).Value;
        byte[] labels = Labels(File.ReadAllBytes(SharedData.Path("mnist", "train-labels-idx1-ubyte.gz"))).Value;
        Assert.Equal(
            (7_000, 185_806_364L, 28_850L),
            (train.Length, train.Sum(i => i.Sum(p => (long)p)), train[0].Sum(p => (long)p))
        );
        Assert.Equal(
            [679, 780, 739, 712, 664, 617, 692, 735, 673, 709],
            Enumerable.Range(0, 10).Select(c => labels.Count(l => l == c))
        );
    }

    private static string Wrong<T>(Result<T> result)
    {
        Assert.False(result.IsOk);
        return Assert.Single(result.Errors).ToString();
    }

    private static Result<byte[][]> Images(byte[] file, int? wanted = null) =>
        IdxFile.Images(new MemoryStream(file), "file", wanted);

    private static Result<byte[]> Labels(byte[] file) => IdxFile.Labels(new MemoryStream(file), "file", 10, null);

    private static byte[] Image(byte ink) => [.. Enumerable.Repeat(ink, IdxFile.ImageSize * IdxFile.ImageSize)];

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
