using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>A schedule as somebody wants it, read and found to make sense.</summary>
internal sealed record ScheduleWish(string Name, RetentionRule Rule)
{
    public const int LongestName = 100;
    public const int LongestGrace = 365;
    public const int UsualGrace = 30;

    private const string PeriodCure = "give a number of days, months or years such as P100D, P6M or P10Y, 200 years at most.";

    public static Problem? TryRead(ScheduleRequest request, Guid id, out ScheduleWish? wish)
    {
        wish = null;
        if (CheckName(request.Name) is { } unnamed)
            return unnamed;
        if (RetentionWords.ScopeOf(request.Scope) is not { } scope)
            return Problem.Invalid("scope", "it is tenant, source, label, collection or recording.");
        if (TargetOf(scope, request.Target, out var target) is { } unfit)
            return unfit;
        if (RetentionWords.TriggerOf(request.Trigger) is not { } trigger)
            return Problem.Invalid("trigger", "it is recorded, uploaded, last-viewed, consent-withdrawn or matter-closed.");
        if (!IsPeriod(request.KeepAtLeast, out var keep))
            return Problem.Invalid("keepAtLeast", PeriodCure);
        if (!IsPeriod(request.DisposeAfter, out var dispose))
            return Problem.Invalid("disposeAfter", PeriodCure);
        if (keep is null && dispose is null)
            return ScheduleProblems.Empty;
        if ((request.Action is null ? DisposalAction.Review : RetentionWords.ActionOf(request.Action)) is not { } action)
            return ScheduleProblems.NoAction;
        if (request.GraceInDays is < 0 or > LongestGrace)
            return ScheduleProblems.NoGrace;
        wish = new ScheduleWish(request.Name!.Trim(), new RetentionRule(id, scope, target, trigger, keep, dispose, action, request.GraceInDays ?? UsualGrace));
        return null;
    }

    /// <summary>The rule as it would be then; name and the rest of it are looked at by the caller.</summary>
    public static Problem? TryChange(RetentionRule before, ChangeScheduleRequest request, out RetentionRule after)
    {
        after = before;
        if (request.Name is not null && CheckName(request.Name) is { } unnamed)
            return unnamed;
        if (PeriodOf(request.KeepAtLeast, before.KeepAtLeast, out var keep) is { } wrongKeep)
            return Problem.Invalid("keepAtLeast", wrongKeep);
        if (PeriodOf(request.DisposeAfter, before.DisposeAfter, out var dispose) is { } wrongWish)
            return Problem.Invalid("disposeAfter", wrongWish);
        if (keep is null && dispose is null)
            return ScheduleProblems.Empty;
        if ((request.Action is null ? before.Action : RetentionWords.ActionOf(request.Action)) is not { } action)
            return ScheduleProblems.NoAction;
        if (request.GraceInDays is < 0 or > LongestGrace)
            return ScheduleProblems.NoGrace;
        after = before with { KeepAtLeast = keep, DisposeAfter = dispose, Action = action, GraceInDays = request.GraceInDays ?? before.GraceInDays };
        return null;
    }

    /// <summary>Whether what it is for is there and the tenant's own; another tenant's collection or recording is not.</summary>
    public static async Task<Problem?> CheckTargetAsync(VaultDbContext db, RetentionRule rule, CancellationToken cancellationToken)
    {
        var id = Guid.TryParse(rule.Target, out var read) ? read : Guid.Empty;
        return rule.Scope switch
        {
            RetentionScope.Collection when !await db.Collections.AnyAsync(collection => collection.Id == id, cancellationToken) => Problem.Invalid("target", "there is no such collection."),
            RetentionScope.Recording when !await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken) => Problem.NotFound,
            _ => null,
        };
    }

    private static Problem? CheckName(string? name) =>
        string.IsNullOrWhiteSpace(name) || name.Trim().Length > LongestName || name.Any(char.IsControl) ? Problem.Invalid("name", "give a name of 1 to 100 characters, without line breaks.") : null;

    private static Problem? TargetOf(RetentionScope scope, string? said, out string? target)
    {
        (target, var cure) = scope switch
        {
            RetentionScope.Tenant => (null, said is { Length: > 0 } ? "leave it out: a schedule of scope tenant is for all recordings." : null),
            RetentionScope.Label => RecordingNames.LabelOf(said) is { } label ? (label.Name(), null) : (null, "it is public, internal, confidential or restricted."),
            RetentionScope.Source => said == RecordingSources.Other ? (said, null) : RecordingSources.Parse(said) is { } source ? (source.Name(), null) : (null, "it is zoom, bigbluebutton or other."),
            _ => Guid.TryParseExact(said, "D", out var id) ? (id.ToString(), null) : ((string?)null, $"give the id of a {scope.Name()}."),
        };
        return cure is null ? null : Problem.Invalid("target", cure);
    }

    private static bool IsPeriod(string? text, out RetentionPeriod? period)
    {
        period = RetentionPeriod.TryParse(text, out var read) ? read : null;
        return period is not null || string.IsNullOrEmpty(text);
    }

    /// <returns>What is wrong; null where it was read.</returns>
    private static string? PeriodOf(JsonElement said, RetentionPeriod? before, out RetentionPeriod? period)
    {
        period = before;
        switch (said.ValueKind)
        {
            case JsonValueKind.Undefined:
                return null;
            case JsonValueKind.Null:
                period = null;
                return null;
            case JsonValueKind.String when RetentionPeriod.TryParse(said.GetString(), out var read):
                period = read;
                return null;
            default:
                return PeriodCure;
        }
    }
}
