using System.Globalization;
using System.Text.Json.Nodes;

namespace Rouser.Core.Parameters;

/// <summary>What kind of value a parameter takes; a table has one column type for each.</summary>
public enum ParameterKind
{
    /// <summary><see cref="ParameterValue.Real"/>, a double.</summary>
    Real,

    /// <summary><see cref="ParameterValue.Integer"/>, a long.</summary>
    Integer,

    /// <summary><see cref="ParameterValue.Text"/>, a string.</summary>
    Text,

    /// <summary><see cref="ParameterValue.Boolean"/>, a bool.</summary>
    Boolean,

    /// <summary><see cref="ParameterValue.Integers"/>, written as <c>[500, 500]</c>.</summary>
    Integers,
}

/// <summary>The values that a parameter may take, and how they are read from a sweep file.</summary>
public abstract record ParameterType(ParameterKind Kind)
{
    /// <summary>The word for everything: <c>all</c> samples, <c>all</c> steps.</summary>
    public const string All = "all";

    /// <summary>The word for nothing: no pruner, no end to go to.</summary>
    public const string None = "none";

    /// <summary>A number above 0.</summary>
    public static Real Positive { get; } = new(0, Above: true);

    /// <summary>A number of at least 0.</summary>
    public static Real NotNegative { get; } = new(0);

    /// <summary>A number from 0 to 1.</summary>
    public static Real Share { get; } = new(0, 1);

    /// <summary>A number from 0 to below 1: what is kept of a running average at each step.</summary>
    public static Real Momentum { get; } = new(0, 1, Below: true);

    /// <summary>The names of an enumeration as words, in its order: <c>same_step</c> is SameStep.</summary>
    public static Choice EnumChoice<TEnum>()
        where TEnum : struct, Enum => new([.. EnumNames<TEnum>.Values.Keys]);

    /// <summary>For the documentation: <c>number above 0</c>.</summary>
    public abstract string Description { get; }

    /// <summary>The values as a JSON Schema (draft 7), for editors.</summary>
    public abstract JsonObject JsonSchema();

    /// <summary>
    /// The value, or why it is none: a text that follows the parameter's name, <c>expects a number, got 'abc'</c>.
    /// </summary>
    public abstract (ParameterValue? Value, string Complaint) Read(IRawValue node);

    private protected static (ParameterValue?, string) Invalid(string complaint) => (null, complaint);

    /// <summary>A real number.</summary>
    /// <param name="Min">The least value, allowed itself unless <paramref name="Above"/>.</param>
    /// <param name="Max">The greatest value, allowed itself unless <paramref name="Below"/>.</param>
    /// <param name="Above">Whether values lie strictly above <paramref name="Min"/>.</param>
    /// <param name="Below">Whether values lie strictly below <paramref name="Max"/>.</param>
    /// <param name="OrNone">Whether the word <c>none</c> is allowed too.</param>
    public sealed record Real(
        double Min,
        double Max = double.PositiveInfinity,
        bool Above = false,
        bool Below = false,
        bool OrNone = false
    ) : ParameterType(ParameterKind.Real)
    {
        /// <inheritdoc/>
        public override string Description =>
            (
                double.IsInfinity(Max)
                    ? $"number {(Above ? "above" : "of at least")} {Text(Min)}"
                    : $"number {(Above ? "above" : "from")} {Text(Min)} {(Below ? "to below" : "to")} {Text(Max)}"
            ) + (OrNone ? ", or `none`" : "");

        /// <inheritdoc/>
        public override JsonObject JsonSchema()
        {
            JsonObject number = new() { ["type"] = "number", [Above ? "exclusiveMinimum" : "minimum"] = Min };
            if (!double.IsInfinity(Max))
                number[Below ? "exclusiveMaximum" : "maximum"] = Max;
            return OrNone ? Either(number, None) : number;
        }

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node)
        {
            if (OrNone && node.Text == None)
                return (new ParameterValue.Text(None), "");
            if (!Scalars.TryReal(node, out double value))
                return Invalid($"expects a number, got {node.Display}");
            string shown = node.Text!;
            if (!double.IsFinite(value))
                return Invalid($"({shown}) must be a finite number");
            bool within = (Above ? value > Min : value >= Min) && (Below ? value < Max : value <= Max);
            return within ? (new ParameterValue.Real(value), "") : Invalid($"({shown}) must {Requirement}");
        }

        private string Requirement =>
            !double.IsInfinity(Max)
                ? $"be {(Above ? "above" : "at least")} {Text(Min)} and {(Below ? "below" : "at most")} {Text(Max)}"
            : Min != 0 ? $"be {(Above ? "above" : "at least")} {Text(Min)}"
            : Above ? "be positive"
            : "not be negative";

        private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// A whole number from <paramref name="Min"/> to <paramref name="Max"/>; <paramref name="OrAll"/> allows the word
    /// <c>all</c> too.
    /// </summary>
    public sealed record Integer(long Min, long Max, bool OrAll = false) : ParameterType(ParameterKind.Integer)
    {
        /// <inheritdoc/>
        public override string Description => $"whole number from {Grouped(Min)} to {Grouped(Max)}{(OrAll ? ", or `all`" : "")}";

        /// <inheritdoc/>
        public override JsonObject JsonSchema()
        {
            JsonObject number = new()
            {
                ["type"] = "integer",
                ["minimum"] = Min,
                ["maximum"] = Max,
            };
            return OrAll ? Either(number, All) : number;
        }

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node)
        {
            if (OrAll && node.Text == All)
                return (new ParameterValue.Text(All), "");
            if (!Scalars.TryInteger(node, out long value))
            {
                return Scalars.TryReal(node, out double real) && (!double.IsFinite(real) || Math.Abs(real) > 1e18)
                    ? Invalid($"({node.Text}) must be at most {Grouped(Max)}")
                    : Invalid($"expects a whole number{(OrAll ? " or the word all" : "")}, got {node.Display}");
            }
            if (value < Min)
                return Invalid(
                    Min switch
                    {
                        1 => $"({value}) must be positive",
                        0 => $"({value}) must not be negative",
                        _ => $"({value}) must be at least {Min}",
                    }
                );
            return value <= Max ? (new ParameterValue.Integer(value), "") : Invalid($"({value}) must be at most {Grouped(Max)}");
        }
    }

    /// <summary>One of a few words.</summary>
    public sealed record Choice(params IReadOnlyList<string> Values) : ParameterType(ParameterKind.Text)
    {
        /// <inheritdoc/>
        public override string Description => Spelling.Either([.. Values.Select(w => $"`{w}`")]);

        /// <inheritdoc/>
        public override JsonObject JsonSchema() =>
            new() { ["type"] = "string", ["enum"] = new JsonArray([.. Values.Select(w => (JsonNode)w)]) };

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node)
        {
            if (node.Text is { } text && Values.Contains(text))
                return (new ParameterValue.Text(text), "");
            string suggestion = node.Text is { } word && !node.IsNothing ? Spelling.Suggestion(word, Values) : "";
            return Invalid($"expects {Spelling.Either(Values)}, got {node.Display}{suggestion}");
        }
    }

    /// <summary>Any text on one line, such as a folder.</summary>
    public sealed record FolderPath() : ParameterType(ParameterKind.Text)
    {
        /// <inheritdoc/>
        public override string Description => "folder";

        /// <inheritdoc/>
        public override JsonObject JsonSchema() => new() { ["type"] = "string", ["minLength"] = 1 };

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node) =>
            node.IsNothing || node.Text is not { Length: > 0 } text || text.Any(c => char.IsControl(c) || char.IsSurrogate(c))
                ? Invalid($"expects a folder, got {node.Display}")
                : (new ParameterValue.Text(text), "");
    }

    /// <summary>The columns of a text file, from left to right: <c>y,x,_,p,t</c>, as a text or a list.</summary>
    public sealed record ColumnOrder() : ParameterType(ParameterKind.Text)
    {
        /// <summary>The word for columns that the file names itself.</summary>
        public const string Named = "named";

        private const int MaxColumns = 256;

        /// <inheritdoc/>
        public override string Description => "`named`, or a list of `t`, `x`, `y`, `p` and `_`";

        /// <inheritdoc/>
        public override JsonObject JsonSchema() => new() { ["type"] = new JsonArray("string", "array") };

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node)
        {
            if (node.Text == Named)
                return (new ParameterValue.Text(Named), "");
            string[] order = node switch
            {
                { Text: { } text } => text.Split(',', StringSplitOptions.TrimEntries),
                { Items: { } items } => [.. items.Select(item => item.Text ?? "?")],
                _ => [],
            };
            if (order.Length is 0 or > MaxColumns || order.Any(c => c is not ("t" or "x" or "y" or "p" or "_")))
                return Invalid(
                    $"expects the columns from left to right, t, x, y, p and _ for one to pass over, such as y,x,_,p,t, got {node.Display}"
                );
            foreach (string column in new[] { "t", "x", "y", "p" })
            {
                int count = order.Count(c => c == column);
                if (count > 1)
                    return Invalid($"names column {column} {count} times");
                if (count == 0 && (column is "t" or "x"))
                    return Invalid($"names no column {column}");
            }
            return (new ParameterValue.Text(string.Join(',', order)), "");
        }
    }

    /// <summary>True or false.</summary>
    public sealed record Boolean() : ParameterType(ParameterKind.Boolean)
    {
        /// <inheritdoc/>
        public override string Description => "`true` or `false`";

        /// <inheritdoc/>
        public override JsonObject JsonSchema() => new() { ["type"] = "boolean" };

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node) =>
            Scalars.TryBoolean(node, out bool value)
                ? (new ParameterValue.Boolean(value), "")
                : Invalid($"expects true or false, got {node.Display}");
    }

    /// <summary><paramref name="MinCount"/> to <paramref name="MaxCount"/> whole numbers, each from
    /// <paramref name="Min"/> to
    /// <paramref name="Max"/>.</summary>
    public sealed record Integers(int MinCount, int MaxCount, long Min, long Max) : ParameterType(ParameterKind.Integers)
    {
        /// <inheritdoc/>
        public override string Description =>
            $"list of {MinCount} to {MaxCount} whole numbers from {Grouped(Min)} to {Grouped(Max)}";

        /// <inheritdoc/>
        public override JsonObject JsonSchema() =>
            new()
            {
                ["type"] = "array",
                ["items"] = new Integer(Min, Max).JsonSchema(),
                ["minItems"] = MinCount,
                ["maxItems"] = MaxCount,
            };

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node)
        {
            if (node.Items is not { } items)
                return Invalid($"expects a list of whole numbers such as [500, 500], got {node.Display}");
            if (items.Count < MinCount || items.Count > MaxCount)
                return Invalid($"expects {MinCount} to {MaxCount} numbers, got {items.Count}");
            Integer each = new(Min, Max);
            List<long> values = [];
            foreach (IRawValue item in items)
            {
                (ParameterValue? value, string complaint) = each.Read(item);
                if (value is not ParameterValue.Integer number)
                    return Invalid(complaint);
                values.Add(number.Value);
            }
            return (new ParameterValue.Integers(values), "");
        }
    }

    private static JsonObject Either(JsonObject schema, string word) =>
        new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["const"] = word }) };

    private static string Grouped(long number) =>
        number.ToString(Math.Abs(number) < 10_000 ? "0" : "#,0", CultureInfo.InvariantCulture);
}
