using Rouser.Core.Parameters;

namespace Rouser.Data.Splits;

/// <summary>How the recordings that are held out are found.</summary>
public enum SplitBy
{
    /// <summary>A share of them, the same of every class.</summary>
    Share,

    /// <summary>One of several parts of equal size.</summary>
    Fold,

    /// <summary>Those of some names.</summary>
    Files,
}

/// <summary>What is never torn apart.</summary>
public enum SplitUnit
{
    /// <summary>All samples of one recording.</summary>
    Recording,

    /// <summary>All recordings of one subject or speaker.</summary>
    Group,
}

/// <summary>Which part of a set of recordings is held out; two that are equal hold out the same.</summary>
/// <param name="By">How it is found.</param>
/// <param name="Unit">What is never torn apart; recordings where names decide.</param>
/// <param name="Share">The share of the units, for <see cref="SplitBy.Share"/>.</param>
/// <param name="Folds">The number of parts, for <see cref="SplitBy.Fold"/>.</param>
/// <param name="Fold">Which of them is held out, from 1.</param>
/// <param name="Seed">The seed of the split, which is no seed of a training.</param>
/// <param name="Files">Names, for <see cref="SplitBy.Files"/>, as <see cref="ParameterType.NamePatterns"/> has them.</param>
public sealed record SplitRule(SplitBy By, SplitUnit Unit, double Share, int Folds, int Fold, long Seed, string Files)
{
    /// <summary>What holds a part out, in words for a digest: the same text, the same part.</summary>
    public string Text =>
        By switch
        {
            SplitBy.Share => FormattableString.Invariant($"share {Share:R} of {Word(Unit)} seed {Seed}"),
            SplitBy.Fold => FormattableString.Invariant($"fold {Fold} of {Folds} of {Word(Unit)} seed {Seed}"),
            _ => $"files {Files}",
        };

    private static string Word(SplitUnit unit) => unit == SplitUnit.Group ? "groups" : "recordings";
}

/// <summary>The parameters of a <see cref="SplitRule"/> under a prefix.</summary>
public sealed class SplitParameters
{
    private readonly string _nothing;
    private readonly Parameter _by,
        _unit,
        _share,
        _folds,
        _fold,
        _seed,
        _files;

    /// <summary>Declares them.</summary>
    /// <param name="prefix"><c>dataset.validation</c>.</param>
    /// <param name="nothing">The word for no rule, the default.</param>
    /// <param name="doc">What the part is, and what the word for no rule means.</param>
    /// <param name="part">The part in a sentence: <c>validation</c>.</param>
    public SplitParameters(string prefix, string nothing, string doc, string part)
    {
        (Prefix, _nothing) = (prefix, nothing);
        _by = new Parameter(
            $"{prefix}.by",
            new ParameterType.Choice(nothing, "share", "fold", "files"),
            nothing,
            $"{doc}\n`share`: a fraction, the same of every class.\n`fold`: one of several parts of equal size, for "
                + "cross-validation.\n`files`: those of some names."
        )
        {
            SilentDefault = true,
        };
        UsedIf drawn = new(_by.Name, "share", "fold");
        _unit = new Parameter(
            $"{prefix}.unit",
            ParameterType.EnumChoice<SplitUnit>(),
            "recording",
            "What is never torn apart.\n`recording`: a recording. Where each holds one sample, every part has the same "
                + "share of every class.\n`group`: a subject or speaker, see `dataset.groups`."
        )
        {
            Condition = drawn,
        };
        _share = new Parameter(
            $"{prefix}.share",
            new ParameterType.Real(0, 1, Above: true, Below: true),
            0.2,
            $"Fraction of the recordings or groups for {part}."
        )
        {
            Condition = new UsedIf(_by.Name, "share"),
        };
        _folds = new Parameter($"{prefix}.folds", new ParameterType.Integer(2, 1_000), 5, "Number of parts.")
        {
            Condition = new UsedIf(_by.Name, "fold"),
        };
        _fold = new Parameter(
            $"{prefix}.fold",
            new ParameterType.Integer(1, 1_000),
            1,
            $"The part for {part}, from 1 to the number of parts."
        )
        {
            Condition = new UsedIf(_by.Name, "fold"),
        };
        _seed = new Parameter(
            $"{prefix}.seed",
            new ParameterType.Integer(0, long.MaxValue),
            0,
            "Seed of the split. It is no seed of a training: all trials with this seed have the same parts."
        )
        {
            Condition = drawn,
        };
        _files = new Parameter(
            $"{prefix}.files",
            new ParameterType.NamePatterns(),
            ParameterType.None,
            $"Names of the recordings for {part}: their paths in the folder of the set, such as `Train/3/00012.bin`."
        )
        {
            Condition = new UsedIf(_by.Name, "files"),
        };
        All = [_by, _unit, _share, _folds, _fold, _seed, _files];
    }

    /// <summary><c>dataset.validation</c>.</summary>
    public string Prefix { get; }

    /// <summary>The parameter that chooses.</summary>
    public Parameter By => _by;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Parameter> All { get; }

    /// <summary>The rule of a trial's values; null for none. What the rule does not use has its default.</summary>
    internal SplitRule? From(ParameterSet set) =>
        set.Text(_by) switch
        {
            var word when word == _nothing => null,
            "share" => new(SplitBy.Share, set.Choice<SplitUnit>(_unit), set.Real(_share), 0, 0, set.Int64(_seed), ""),
            "fold" => new(
                SplitBy.Fold,
                set.Choice<SplitUnit>(_unit),
                0,
                set.Int32(_folds),
                set.Int32(_fold),
                set.Int64(_seed),
                ""
            ),
            _ => new(
                SplitBy.Files,
                SplitUnit.Recording,
                0,
                0,
                0,
                0,
                set.Text(_files) is var files and not ParameterType.None ? files : ""
            ),
        };
}
