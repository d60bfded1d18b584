using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>A share link. Its secret stands in the fragment of its address and here only as a hash (security.md 9).</summary>
internal sealed class Share : ITenantOwned
{
    public const string RecipientNameColumn = "shares.recipient_name";
    public const string NoteColumn = "shares.note";

    public required Guid TenantId { get; init; }

    /// <summary>Random, not ordered by time: it stands on a public page.</summary>
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required byte[] SecretHash { get; init; }
    public string? PasscodeHash { get; set; }

    /// <summary>Wrong passcodes since the last one was set; at five the owner must set a new one.</summary>
    public int PasscodeTries { get; set; }

    /// <summary>Recipient and note are sealed under the recording's key.</summary>
    public SealedText? RecipientName { get; set; }
    public SealedText? Note { get; set; }
    public required bool AllowDownload { get; set; }
    public required DateTimeOffset ExpiresAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required Guid CreatedBy { get; init; }
    public DateTimeOffset? StoppedAt { get; set; }
    public Guid? StoppedBy { get; set; }
    public int Version { get; set; }
}

/// <summary>One person's watching through one link. Played is the page's report, fetched is the server's own count; they are shown apart.</summary>
internal sealed class Viewing : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid ShareId { get; init; }
    public required Guid RecordingId { get; init; }

    /// <summary>The opened link's cookie that this watching belongs to, so that a reload does not count twice.</summary>
    public required Guid GrantId { get; init; }

    /// <summary>Set when playing starts: opening the page is not yet a viewing.</summary>
    public DateTimeOffset? StartedAt { get; set; }
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>Seconds of the recording that were played at least once, by the page's report.</summary>
    public double PlayedSeconds { get; set; }

    /// <summary>One digit per hundredth of the recording: how often it was played, 9 at most.</summary>
    public string PlayedParts { get; set; } = new('0', 100);
    public long FetchedBytes { get; set; }
}
