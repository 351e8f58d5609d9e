namespace Rouser.Storage.Datasets.Downloads;

/// <summary>One published archive of a data set.</summary>
/// <param name="Address">Where it is published; null if only a browser gets it there.</param>
/// <param name="Md5">MD5 of the published file, hexadecimal.</param>
/// <param name="Unpacked">What its unpacking leaves, by which its presence is told.</param>
public sealed record PublishedArchive(string FileName, Uri? Address, string Md5, string Unpacked);

/// <summary>Where a recorded data set is published.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="Page">The page that tells of it.</param>
/// <param name="Size">What is downloaded, in words.</param>
/// <param name="Archives">The files.</param>
public sealed record DatasetSource(string Name, Uri Page, string Size, IReadOnlyList<PublishedArchive> Archives)
{
    private const string NMnistFiles = "https://data.mendeley.com/public-files/datasets/468j46mzdv/files/";

    /// <summary>Every recorded set that the papers use.</summary>
    public static IReadOnlyList<DatasetSource> All { get; } =
    [
        new(
            "nmnist",
            new("https://www.garrickorchard.com/datasets/n-mnist"),
            "about 1.2 GB",
            [
                new(
                    "Train.zip",
                    new(NMnistFiles + "39c25547-014b-4137-a934-9d29fa53c7a0/file_downloaded"),
                    "20959b8e626244a1b502305a9e6e2031",
                    "Train"
                ),
                new(
                    "Test.zip",
                    new(NMnistFiles + "05a4d654-7e03-4c15-bdfa-9bb2bcbea494/file_downloaded"),
                    "69ca8762b2fe404d9b9bad1103e97832",
                    "Test"
                ),
            ]
        ),
        new(
            "dvs128",
            new("https://ibm.ent.box.com/s/3hiq58ww1pbbjrinh367ykfdf60xsfm8/folder/50167556794"),
            "about 3 GB",
            [new("DvsGesture.tar.gz", null, "8a5c71fb11e24e5ca5b11866ca6c00a1", "DvsGesture")]
        ),
        new(
            "shd",
            new("https://zenkelab.org/resources/spiking-heidelberg-datasets-shd"),
            "about 170 MB",
            [
                new(
                    "shd_train.h5.zip",
                    new("https://zenkelab.org/datasets/shd_train.h5.zip"),
                    "f3252aeb598ac776c1b526422d90eecb",
                    "shd_train.h5"
                ),
                new(
                    "shd_test.h5.zip",
                    new("https://zenkelab.org/datasets/shd_test.h5.zip"),
                    "1503a5064faa34311c398fb0a1ed0a6f",
                    "shd_test.h5"
                ),
            ]
        ),
    ];

    /// <summary>Where a set is published, or null.</summary>
    public static DatasetSource? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
