using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>
/// Published results that a report sets a run beside. They come from an add-on, because the report itself knows no
/// paper. Nothing may be said of a run that holds no row of what was published: each member is then empty.
/// </summary>
public interface IPublishedResults
{
    /// <summary>What a reader has to know of them, for "How to read this report": a lead, then a sentence.</summary>
    IReadOnlyList<(string Lead, string Text)> ReadingNotes { get; }

    /// <summary>A sentence for a figure's caption that says which published figure it stands beside; empty for none.</summary>
    string RemarkOn(StudyFigure figure);

    /// <summary>Published shares of dead neurons of methods that the study trains.</summary>
    IReadOnlyList<PublishedShares> DeadNeurons(StudyResults study);

    /// <summary>What a run can say of what was published, in lines, before it is trained; empty if nothing.</summary>
    IReadOnlyList<string> Prospect(ReportModel planned);

    /// <summary>The section that sets the run beside what was published; null if no row of the run is any of it.</summary>
    PublishedSection? Section(ReportModel model);
}

/// <summary>A figure and the study that it shows.</summary>
public sealed record StudyFigure(StudyResults Study, Figure Figure);

/// <summary>A section of a report that sets the run beside published results.</summary>
/// <param name="Title">What the overview shows, for a console.</param>
/// <param name="Overview">How much of what was published came to which verdict; its headers and numbers are shown on a
/// console too.</param>
/// <param name="Blocks">All of it, from the figures of the report.</param>
public sealed record PublishedSection(
    string Title,
    ReportTable Overview,
    Func<IReadOnlyList<StudyFigure>, IEnumerable<Block>> Blocks
)
{
    /// <summary>What stands on pages of its own beside the report.</summary>
    public IEnumerable<PublishedPage> Pages { get; init; } = [];

    /// <summary>Files for programs, beside the report.</summary>
    public IReadOnlyList<PublishedFile> Files { get; init; } = [];
}

/// <summary>A page beside the report.</summary>
/// <param name="Path">Its file in the report's folder, as HTML.</param>
/// <param name="Title">Its title.</param>
/// <param name="Blocks">What stands on it.</param>
public sealed record PublishedPage(string Path, string Title, IReadOnlyList<Block> Blocks);

/// <summary>A file beside the report.</summary>
/// <param name="Path">Where, in the report's folder.</param>
/// <param name="Text">What is in it; asked for where it is written.</param>
public sealed record PublishedFile(string Path, Func<string> Text);
