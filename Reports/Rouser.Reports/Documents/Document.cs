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

    public IEnumerable<ReportTable> Tables => Blocks.OfType<TableBlock>().Select(b => b.Table);

    public IEnumerable<Figure> Figures => Blocks.OfType<FigureBlock>().Select(b => b.Figure);
}

/// <summary>A part of the document.</summary>
public abstract record Block;

/// <summary>A heading of level 2 or 3.</summary>
public sealed record Heading(int Level, string Id, string Text) : Block;

/// <summary>Running text.</summary>
public sealed record Paragraph(string Text) : Block;

/// <summary>What must not be overlooked.</summary>
public sealed record Warning(string Text) : Block;

/// <summary>Short statements: a lead in bold, then the rest.</summary>
public sealed record Bullets(IReadOnlyList<(string Lead, string Text)> Items) : Block;

/// <summary>A table. A long one is in the CSV file only, or folded away where that can be.</summary>
public sealed record TableBlock(ReportTable Table, bool Folded = false) : Block;

/// <summary>A figure.</summary>
public sealed record FigureBlock(Figure Figure) : Block;
