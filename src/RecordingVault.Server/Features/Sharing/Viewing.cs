using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>One person's watching through one link. Played is the page's report, fetched is the server's own count; they are shown apart.</summary>
internal sealed class Viewing : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid ShareId { get; init; }
    public required Guid RecordingId { get; init; }

    /// <summary>The opening of the link that this watching belongs to, so that a reload does not count twice.</summary>
    public required Guid GrantId { get; init; }

    /// <summary>Set when playing starts: opening the page is not yet a viewing.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>What was played at least once, as a part of the whole, by the page's report: 0 to 1.</summary>
    public double PlayedShare { get; set; }

    /// <summary>The same with repeats: what was played three times counts three times.</summary>
    public double PlayedTimes { get; set; }

    /// <summary>One digit per hundredth of the recording: how often it was played, 9 at most.</summary>
    public string PlayedParts { get; set; } = Sharing.PlayedParts.None;

    /// <summary>Bytes that were sent, as a part of the recording: 2 when it was sent twice.</summary>
    public double FetchedShare { get; init; }
}
