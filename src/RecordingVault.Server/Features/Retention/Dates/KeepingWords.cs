namespace RecordingVault.Server.Features.Retention.Dates;

/// <summary>Why a recording is kept until its date, and which rule says so, in one sentence or two.</summary>
internal static class KeepingWords
{
    /// <param name="rules">Those that apply, for the names and periods of what the date came from.</param>
    /// <param name="names">Of schedules.</param>
    public static string Sentence(DisposalDate date, bool isHeld, IReadOnlyCollection<RetentionRule> rules, RetentionFacts facts, IReadOnlyDictionary<Guid, string> names)
    {
        var words = Kept(date, rules, facts, names);
        return isHeld ? $"It is on hold: nothing of it goes until the last hold is lifted. Without the hold: {char.ToLowerInvariant(words[0])}{words[1..]}" : words;
    }

    private static string Kept(DisposalDate date, IReadOnlyCollection<RetentionRule> rules, RetentionFacts facts, IReadOnlyDictionary<Guid, string> names)
    {
        if (date.At is not { } at || Find(date.WishId) is not { } wish)
            return date.KeptUntil is { } least ? $"It is kept at least until {RetentionWords.Day(least)}, {Obliger()}; after that no schedule says when it goes, and it stays until somebody decides." : "No schedule says when it goes: it stays until somebody decides.";
        var then = wish.Action is DisposalAction.Review ? "then somebody decides about it" : $"then it lies in the trash for {RetentionWords.Length(RetentionPeriod.Days(date.GraceInDays))} and goes";
        // The wish alone would have let it go before, where the obligation is the later of the two.
        return date.KeptUntil is { } obliged && facts.MomentOf(wish.Trigger) is { } moment && obliged > wish.DisposeAfter!.Value.After(moment)
            ? $"It is kept until {RetentionWords.Day(at)}, {Obliger()}, longer than {Name(wish.Id)} would keep it; {then}."
            : $"It is kept until {RetentionWords.Day(at)}, since {Name(wish.Id)} says {RetentionWords.Length(wish.DisposeAfter!.Value)} {RetentionWords.After(wish.Trigger)}; {then}.";

        string Obliger() => Find(date.ObligationId) is { } rule
            ? $"since {Name(rule.Id)} obliges to keep it {RetentionWords.Length(rule.KeepAtLeast!.Value)} {RetentionWords.After(rule.Trigger)}"
            : "since somebody said so on this page";
        RetentionRule? Find(Guid? id) => rules.FirstOrDefault(rule => rule.Id == id);
        string Name(Guid id) => names.GetValueOrDefault(id) is { Length: > 0 } name ? $"“{name}”" : "a schedule";
    }
}
