using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Export;

/// <summary>
/// The log leaving as a file: a release of its own. Its event is durable before the first byte leaves, it ends with that event, and whoever asks is looked
/// at again before each part.
/// </summary>
internal sealed class LogRelease(VaultDbContext db, AuditLog audit, AuditReading reading, TimeProvider time)
{
    public const string EventType = "audit.exported";

    /// <summary>What a token must list to be given the log as a file.</summary>
    private const string Purpose = "download";

    private const int EventsOfOnePart = 200;

    /// <summary>Writes the event; null where the asker may have the file, else why not.</summary>
    public async Task<(LogPart? Begun, Problem? Refusal)> BeginAsync(HttpContext http, AuditWish wish, AuditFilter filter, LogFormat format, CancellationToken cancellationToken)
    {
        var pass = MemberPass.Of(http);
        if (await MemberStanding.ReadAsync(db, pass, time.Now(), cancellationToken) is not { } standing)
            return (null, Problem.Unauthorized);
        var entry = new AuditEntry(EventType, http.Actor(), AuditTargetKind.Tenant, db.TenantId)
        {
            Fields = [("purpose", Purpose), ("format", format.Name), ("filter", string.Join(' ', wish.Parts.Select(part => $"{part.Name}={part.Value}")))],
        };
        if (standing.Purposes is { } listed && !listed.Contains(Purpose, StringComparer.Ordinal))
        {
            await audit.WriteAsync(entry with { Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", PlaybackProblems.PurposeNotListed.Slug)] }, cancellationToken);
            return (null, PlaybackProblems.PurposeNotListed);
        }

        var id = await audit.WriteAsync(entry, cancellationToken);
        return (new LogPart(pass, filter, await reading.NumberOfAsync(id, cancellationToken)), null);
    }

    /// <summary>The events in parts, oldest first; it ends early, by an exception, when the asker may not have more.</summary>
    /// <exception cref="LogReleaseOverException">Session, token or role is over.</exception>
    public async IAsyncEnumerable<IReadOnlyList<AuditEventResponse>> PartsAsync(LogPart begun, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = 0L;
        while (true)
        {
            var part = await reading.BehindAsync(begun.Filter, after, begun.Last, EventsOfOnePart, cancellationToken);
            if (part.Count == 0)
                yield break;
            if (await MemberStanding.ReadAsync(db, begun.Pass, time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin or Role.Auditor })
                throw new LogReleaseOverException();
            yield return part;
            after = part[^1].Number;
        }
    }
}

/// <summary>A release of the log that has begun.</summary>
/// <param name="Last">The number of its own event, with which it ends.</param>
internal sealed record LogPart(MemberPass Pass, AuditFilter Filter, long Last);

/// <summary>The asker may not have the rest.</summary>
internal sealed class LogReleaseOverException() : Exception("Whoever asked for the log may not read it any more.");
