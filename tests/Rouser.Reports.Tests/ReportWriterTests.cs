using System.Xml;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests;

public sealed class ReportWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Page_and_figures_are_well_formed()
    {
        ReportFiles files = ReportWriter.Write(PlausibleRun.Build(), _folder).Value;
        Read(files.Html);
        string[] figures = [.. files.Others.Where(f => f.EndsWith(".svg", StringComparison.Ordinal))];
        Assert.NotEmpty(figures);
        Assert.All(figures, Read);

        static void Read(string path)
        {
            using XmlReader reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
            while (reader.Read()) { }
        }
    }
}
