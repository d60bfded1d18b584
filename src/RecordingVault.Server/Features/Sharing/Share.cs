using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>A share link. Its secret stands in the fragment of its address and here only as a hash (security.md 9).</summary>
internal sealed class Share : ITenantOwned, IListed
{
    public const string RecipientNameColumn = "shares.recipient_name";
    public const string NoteColumn = "shares.note";
    public const int PasscodeTriesAllowed = 5;
    private const string SecretLabel = "recordingvault.v1.share";

    public required Guid TenantId { get; init; }

    /// <summary>Random, not ordered by time: it stands on a public page.</summary>
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required byte[] SecretHash { get; set; }
    public string? PasscodeHash { get; private set; }

    /// <summary>Wrong passcodes since the last one was set; at five the owner must set a new one.</summary>
    public int PasscodeTries { get; private set; }

    /// <summary>Raised by a new secret or passcode: who opened the link with an older one must open it anew.</summary>
    public int Generation { get; private set; }

    /// <summary>Recipient and note are sealed under the recording's key.</summary>
    public SealedText? RecipientName { get; set; }
    public SealedText? Note { get; set; }
    public required bool AllowDownload { get; set; }
    public required DateTimeOffset ExpiresAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required Guid CreatedBy { get; init; }

    /// <summary>The API token in whose hand it was made; null where a person made it.</summary>
    public Guid? CreatedByTokenId { get; init; }

    /// <summary>The API token that last gave it a new secret or loosened it; null where none did, or a person gave it a new secret since.</summary>
    public Guid? OpenedUpByTokenId { get; set; }
    public DateTimeOffset? StoppedAt { get; private set; }
    public Guid? StoppedBy { get; private set; }
    public int Version { get; private set; }

    public static byte[] HashSecret(Guid id, ReadOnlySpan<byte> secret) => SecretToken.Hash(SecretLabel, id, secret);

    public ShareState StateAt(DateTimeOffset now) =>
        StoppedAt is not null ? ShareState.Stopped
        : now >= ExpiresAt ? ShareState.Ended
        : PasscodeHash is not null && PasscodeTries >= PasscodeTriesAllowed ? ShareState.Locked
        : ShareState.Open;

    /// <summary>Why somebody who proved the secret sees nothing; null while the link is good.</summary>
    public Problem? Ended(DateTimeOffset now) => ShareProblems.Ended(StoppedAt, ExpiresAt, now);

    public void SetPasscode(string? hash) => (PasscodeHash, PasscodeTries, Generation) = (hash, 0, Generation + 1);

    public void SetSecret(byte[] hash) => (SecretHash, Generation) = (hash, Generation + 1);

    public void Stop(Guid memberId, DateTimeOffset now) => (StoppedAt, StoppedBy) = (StoppedAt ?? now, StoppedBy ?? memberId);

    public void OpenAgain() => (StoppedAt, StoppedBy) = (null, null);

    public void Touch() => Version++;
}

internal enum ShareState
{
    Open,
    Ended,
    Stopped,

    /// <summary>Five wrong passcodes: who has it open goes on, nobody else opens it until there is a new passcode.</summary>
    Locked,
}
