namespace Rouser.Data.Tests;

public class DatasetCatalogTests
{
    [Fact]
    public void Sets_are_found_by_their_exact_name()
    {
        Assert.All(DatasetCatalog.All, d => Assert.Same(d, DatasetCatalog.Find(d.Name)));
        Assert.Null(DatasetCatalog.Find("N-MNIST"));
    }

    [Fact]
    public void Recorded_sets_say_what_folder_they_need() =>
        Assert.All(DatasetCatalog.All, d => Assert.Equal(!d.NeedsFolder, d.Layout.Length == 0));
}
