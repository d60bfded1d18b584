using System.Collections.Frozen;
using System.Globalization;

namespace RecordingVault.Marks.Vocabulary;

/// <summary>A tenant's word on use: a tag for all its recordings, and the uses that nobody may make before everybody recorded has agreed.</summary>
public sealed record UsagePolicy(UsageTag Tag, FrozenSet<Use> NeedConsent)
{
    /// <summary>Nothing but what every source allows, and consent for all of it (P4, P5).</summary>
    public static readonly UsagePolicy Default = new(UsageTag.NoTdm, UsageRights.Uses.ToFrozenSet());
}

/// <summary>The uses that every person in a recording has agreed to. What is not known is not given (P5).</summary>
public sealed record ConsentFacts(FrozenSet<Use> GrantedByAll)
{
    public static readonly ConsentFacts NoneKnown = new(FrozenSet<Use>.Empty);
}

/// <summary>A mark that was found in a file: what carried it, its value as it stood there, and what it says of each use.</summary>
public sealed record FoundMark(string Carrier, string Value, UsageRights Says)
{
    /// <summary>A file with more marks than these has one more, which prohibits all.</summary>
    public const int MostInAFile = 16;

    private const int LongestValue = 200;

    /// <summary>A stranger's words, for people to read: without controls, and not longer than a line or two.</summary>
    public string Value { get; } = Shown(Value);

    /// <summary>What it says against each use. A mark that is silent on a use has no objection to it.</summary>
    public UsageRights Objections => Says.AsObjections();

    /// <summary>What stood where a mark could be, and could not be read: nobody can say what it allows.</summary>
    public static FoundMark Unreadable(string carrier) => new(carrier, "unreadable", UsageRights.Nothing);

    /// <summary>As many as a file may have; behind them, if there are more, one that prohibits all.</summary>
    public static IReadOnlyList<FoundMark> Bounded(IEnumerable<FoundMark> marks)
    {
        var some = marks.Take(MostInAFile + 1).ToList();
        return some.Count <= MostInAFile ? some : [.. some.Take(MostInAFile), new FoundMark(some[0].Carrier, "too many marks", UsageRights.Nothing)];
    }

    private static string Shown(string value)
    {
        var line = value.Length <= LongestValue ? value : value[..LongestValue] + "…";
        return string.Concat(line.Where(letter => char.GetUnicodeCategory(letter) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)));
    }
}

/// <summary>Who says what, in the order in which they are asked.</summary>
public enum UseSource
{
    TenantPolicy,
    RecordingTag,
    Consent,
    FoundMark,
}

/// <summary>One source's objection to one use, for the answer that names every reason.</summary>
public sealed record UseObjection(Use Use, UseDecision Decision, UseSource Source, string Words);

/// <summary>What may be done with a recording when all sources have spoken: the strictest of what they say, use by use.</summary>
public sealed record EffectiveUse(UsageRights Rights, IReadOnlyList<UseObjection> Objections)
{
    /// <summary>What is written into every copy: the loosest tag that says no less than the rights do.</summary>
    public UsageTag Tag => UsageTag.Naming(Rights);

    public static EffectiveUse Of(UsagePolicy policy, UsageTag recording, ConsentFacts consents, IEnumerable<FoundMark> found)
    {
        var objections = new List<UseObjection>();
        var rights = UsageRights.NoObjection;
        Ask(UseSource.TenantPolicy, policy.Tag.Name, policy.Tag.Rights);
        Ask(UseSource.RecordingTag, recording.Name, recording.Rights);
        Ask(UseSource.Consent, "not everybody has agreed", UsageRights.Of(use => policy.NeedConsent.Contains(use) && !consents.GrantedByAll.Contains(use) ? UseDecision.Prohibited : UseDecision.Allowed));
        foreach (var mark in found)
            Ask(UseSource.FoundMark, $"{mark.Carrier}: {mark.Value}", mark.Objections);
        return new EffectiveUse(rights, objections);

        void Ask(UseSource source, string words, UsageRights says)
        {
            rights = rights.Join(says);
            objections.AddRange(UsageRights.Uses.Where(use => says[use] != UseDecision.Allowed).Select(use => new UseObjection(use, says[use], source, words)));
        }
    }
}
