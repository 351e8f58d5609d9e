using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rouser.Core.Parameters;

/// <summary>
/// The values that a parameter may take, and how they are read: from a sweep file, where they are checked, and from what
/// Rouser wrote itself.
/// </summary>
public abstract record ParameterType
{
    /// <summary>The word for everything: <c>all</c> samples, <c>all</c> steps.</summary>
    public const string All = "all";

    /// <summary>The word for nothing: no pruner, no end to go to.</summary>
    public const string None = "none";

    /// <summary>The word for a number that follows from other values, see <see cref="Parameter.Auto"/>.</summary>
    public const string Auto = "auto";

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

    /// <summary>Reads a value from the JSON of a plan.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    /// <exception cref="FormatException">It is no such number, or null.</exception>
    public virtual ParameterValue ReadJson(JsonElement json) =>
        new ParameterValue.Text(json.GetString() ?? throw new FormatException("a text is null"));

    /// <summary>
    /// Reads a value from a column of texts: a list, or a value beside which other rows have words. What is no such value
    /// stays a text.
    /// </summary>
    public virtual ParameterValue ReadText(string text) => new ParameterValue.Text(text);

    private protected static (ParameterValue?, string) Invalid(string complaint) => (null, complaint);

    /// <summary>A real number.</summary>
    /// <param name="Min">The least value, allowed itself unless <paramref name="Above"/>.</param>
    /// <param name="Max">The greatest value, allowed itself unless <paramref name="Below"/>.</param>
    /// <param name="Above">Whether values lie strictly above <paramref name="Min"/>.</param>
    /// <param name="Below">Whether values lie strictly below <paramref name="Max"/>.</param>
    /// <param name="OrNone">Whether the word <c>none</c> is allowed too.</param>
    /// <param name="OrAuto">Whether the word <c>auto</c> is.</param>
    public sealed record Real(
        double Min,
        double Max = double.PositiveInfinity,
        bool Above = false,
        bool Below = false,
        bool OrNone = false,
        bool OrAuto = false
    ) : ParameterType
    {
        /// <inheritdoc/>
        public override string Description =>
            (
                double.IsInfinity(Max)
                    ? $"number {(Above ? "above" : "of at least")} {Text(Min)}"
                    : $"number {(Above ? "above" : "from")} {Text(Min)} {(Below ? "to below" : "to")} {Text(Max)}"
            )
            + (
                OrNone && OrAuto ? ", `none` or `auto`"
                : OrNone ? ", or `none`"
                : OrAuto ? ", or `auto`"
                : ""
            );

        /// <inheritdoc/>
        public override JsonObject JsonSchema()
        {
            JsonObject number = new() { ["type"] = "number", [Above ? "exclusiveMinimum" : "minimum"] = Min };
            if (!double.IsInfinity(Max))
                number[Below ? "exclusiveMaximum" : "maximum"] = Max;
            return OrNone || OrAuto ? Either(number, [.. Words]) : number;
        }

        /// <inheritdoc/>
        public override ParameterValue ReadJson(JsonElement json) => new ParameterValue.Real(json.GetDouble());

        /// <inheritdoc/>
        public override ParameterValue ReadText(string text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? new ParameterValue.Real(number)
                : base.ReadText(text);

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node)
        {
            if (Words.FirstOrDefault(word => word == node.Text) is { } given)
                return (new ParameterValue.Text(given), "");
            if (!Scalars.TryReal(node, out double value))
                return Invalid($"expects a number, got {node.Display}");
            string shown = node.Text!;
            if (!double.IsFinite(value))
                return Invalid($"({shown}) must be a finite number");
            bool within = (Above ? value > Min : value >= Min) && (Below ? value < Max : value <= Max);
            return within ? (new ParameterValue.Real(value), "") : Invalid($"({shown}) must {Requirement}");
        }

        private IEnumerable<string> Words => [.. OrNone ? [None] : (string[])[], .. OrAuto ? [Auto] : (string[])[]];

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
    public sealed record Integer(long Min, long Max, bool OrAll = false) : ParameterType
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
        public override ParameterValue ReadJson(JsonElement json) => new ParameterValue.Integer(json.GetInt64());

        /// <inheritdoc/>
        public override ParameterValue ReadText(string text) =>
            long.TryParse(text, CultureInfo.InvariantCulture, out long number)
                ? new ParameterValue.Integer(number)
                : base.ReadText(text);

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
    public sealed record Choice(params IReadOnlyList<string> Values) : ParameterType
    {
        /// <summary>Said of a word that is none of them and like none of them.</summary>
        public string Hint { get; init; } = "";

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
            return Invalid($"expects {Spelling.Either(Values)}, got {node.Display}{(suggestion.Length > 0 ? suggestion : Hint)}");
        }
    }

    /// <summary>Any text on one line, such as a folder.</summary>
    public sealed record FolderPath : ParameterType
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
    public sealed record ColumnOrder : ParameterType
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

    /// <summary>Names of recordings, in which <c>*</c> stands for any text. The value has commas between them.</summary>
    public sealed record NamePatterns : ParameterType
    {
        private const int MaxNames = 100_000;

        /// <inheritdoc/>
        public override string Description => "`none`, or a list of names in which `*` stands for any text";

        /// <inheritdoc/>
        public override JsonObject JsonSchema() =>
            Either(
                new()
                {
                    ["type"] = "array",
                    ["items"] = new JsonObject { ["type"] = "string", ["minLength"] = 1 },
                    ["minItems"] = 1,
                },
                None
            );

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node)
        {
            if (node.Text == None)
                return (new ParameterValue.Text(None), "");
            if (node.Items is not { Count: > 0 and <= MaxNames } items)
                return Invalid($"expects a list of names such as [Train/*/a_*], got {node.Display}");
            foreach (IRawValue item in items)
            {
                if (item.IsNothing || item.Text is not { Length: > 0 } name || name.Any(c => c == ',' || char.IsControl(c)))
                    return Invalid($"expects names without commas, in which * stands for any text, got {item.Display}");
            }
            return (new ParameterValue.Text(string.Join(',', items.Select(item => item.Text))), "");
        }
    }

    /// <summary>Where the subject or speaker stands in a name: <c>*_&lt;group&gt;_*</c>.</summary>
    public sealed record GroupPattern : ParameterType
    {
        /// <summary>What stands for the subject or speaker.</summary>
        public const string Mark = "<group>";

        private const int MaxLength = 200;

        /// <inheritdoc/>
        public override string Description => "`none`, or a pattern with `<group>` and `*`, such as `*_<group>_*`";

        /// <inheritdoc/>
        public override JsonObject JsonSchema() => new() { ["type"] = "string", ["pattern"] = $"^none$|{Mark}" };

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node) =>
            node.Text is { Length: <= MaxLength } text
            && !text.Any(char.IsControl)
            && (text == None || text.Split(Mark).Length == 2)
                ? (new ParameterValue.Text(text), "")
                : Invalid(
                    $"expects a pattern in which {Mark} stands once and * for any text, such as '*_{Mark}_*', got {node.Display}"
                );
    }

    /// <summary>True or false.</summary>
    public sealed record Boolean : ParameterType
    {
        /// <inheritdoc/>
        public override string Description => "`true` or `false`";

        /// <inheritdoc/>
        public override JsonObject JsonSchema() => new() { ["type"] = "boolean" };

        /// <inheritdoc/>
        public override ParameterValue ReadJson(JsonElement json) => new ParameterValue.Boolean(json.GetBoolean());

        /// <inheritdoc/>
        public override ParameterValue ReadText(string text) =>
            bool.TryParse(text, out bool value) ? new ParameterValue.Boolean(value) : base.ReadText(text);

        /// <inheritdoc/>
        public override (ParameterValue?, string) Read(IRawValue node) =>
            Scalars.TryBoolean(node, out bool value)
                ? (new ParameterValue.Boolean(value), "")
                : Invalid($"expects true or false, got {node.Display}");
    }

    /// <summary><paramref name="MinCount"/> to <paramref name="MaxCount"/> whole numbers, each from
    /// <paramref name="Min"/> to
    /// <paramref name="Max"/>.</summary>
    public sealed record Integers(int MinCount, int MaxCount, long Min, long Max) : ParameterType
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
        public override ParameterValue ReadJson(JsonElement json) =>
            new ParameterValue.Integers([.. json.EnumerateArray().Select(item => item.GetInt64())]);

        /// <inheritdoc/>
        public override ParameterValue ReadText(string text) => ParameterValue.Integers.Read(text) ?? base.ReadText(text);

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

    private static JsonObject Either(JsonObject schema, params IEnumerable<string> words) =>
        new() { ["anyOf"] = new JsonArray([schema, .. words.Select(word => new JsonObject { ["const"] = word })]) };

    private static string Grouped(long number) =>
        number.ToString(Math.Abs(number) < 10_000 ? "0" : "#,0", CultureInfo.InvariantCulture);
}
