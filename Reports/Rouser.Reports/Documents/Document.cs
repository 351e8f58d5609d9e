using Rouser.Reports.Figures;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>
/// The report before it has a form: its title and its blocks in order. Markdown and HTML render the same blocks, so
/// they cannot disagree.
/// </summary>
internal sealed record Document(string Title, IReadOnlyList<Block> Blocks)
{
    /// <summary>The folder of the figures' files, beside the document.</summary>
    public const string FiguresFolder = "figures";

    /// <summary>The folder of the tables' CSV files.</summary>
    public const string TablesFolder = "tables";

    /// <summary>The folder of the tables in LaTeX.</summary>
    public const string LatexFolder = "latex";

    /// <summary>Pages that stand beside it.</summary>
    public IReadOnlyList<PublishedPage> Pages { get; init; } = [];

    /// <summary>Files that stand beside it.</summary>
    public IReadOnlyList<PublishedFile> Files { get; init; } = [];

    /// <summary>All blocks in order, those that are folded away too.</summary>
    public IEnumerable<Block> All => Unfolded(Blocks);

    public IEnumerable<ReportTable> Tables => All.OfType<TableBlock>().Select(b => b.Table);

    public IEnumerable<Figure> Figures => All.OfType<FigureBlock>().Select(b => b.Figure);

    private static IEnumerable<Block> Unfolded(IEnumerable<Block> blocks) =>
        blocks.SelectMany(b => b is Fold fold ? Unfolded(fold.Blocks) : [b]);
}

/// <summary>A part of the document.</summary>
public abstract record Block;

/// <summary>A heading of level 2 or 3.</summary>
public sealed record Heading(int Level, string Id, string Text) : Block;

/// <summary>Running text.</summary>
/// <param name="Link">A link at its end: where it leads, and its words; null for none.</param>
public sealed record Paragraph(string Text, (string Id, string Text)? Link = null) : Block;

/// <summary>What must not be overlooked.</summary>
public sealed record Warning(string Text) : Block;

/// <summary>Short statements: a lead in bold, then the rest.</summary>
/// <param name="IsLinked">Whether a link may lead to each.</param>
public sealed record Bullets(IReadOnlyList<(string Lead, string Text)> Items, bool IsLinked = false) : Block
{
    /// <summary>The anchor of a statement, by its lead: <c>rule-intervals</c>.</summary>
    public static string Anchor(string lead) =>
        "rule-"
        + string.Concat(lead.ToLowerInvariant().Select(c => c == ' ' ? '-' : c).Where(c => char.IsAsciiLetter(c) || c == '-'));
}

/// <summary>A table.</summary>
/// <param name="Fold">What it is folded away under where that can be, in the CSV file alone where it cannot; null for a table
/// that stands open.</param>
public sealed record TableBlock(ReportTable Table, string? Fold = null) : Block;

/// <summary>Blocks that are folded away under a line.</summary>
public sealed record Fold(string Summary, IReadOnlyList<Block> Blocks) : Block;

/// <summary>A figure.</summary>
public sealed record FigureBlock(Figure Figure) : Block;
