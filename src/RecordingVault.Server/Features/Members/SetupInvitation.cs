using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>
/// The one-time secret of the first set-up: made by a start that finds no member, good once and for 24 hours, and kept as a hash in this process's
/// memory only. Who starts the vault reads it on standard output; nobody else can.
/// </summary>
internal sealed class SetupInvitation(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Lock gate = new();
    private byte[]? hash;
    private byte[]? unprinted;
    private DateTimeOffset endsAt;
    private bool isTaken;

    public void Make()
    {
        lock (gate)
        {
            unprinted = SecretToken.New();
            hash = SecretToken.Hash(unprinted);
            endsAt = time.Now() + Lifetime;
        }
    }

    /// <summary>The secret for the line that a start prints; null when there is none or it was taken before.</summary>
    public string? TakeSecretForPrinting()
    {
        lock (gate)
        {
            var text = unprinted is null ? null : SecretToken.ToText(unprinted);
            unprinted = null;
            return text;
        }
    }

    /// <summary>Whether there is a set-up that somebody may still begin.</summary>
    public bool IsOpen
    {
        get
        {
            lock (gate)
                return hash is not null && time.Now() < endsAt;
        }
    }

    /// <summary>True for the right secret while no other request has it in hand. What was taken is then used up or given back.</summary>
    public bool TryTake(string secret)
    {
        var given = SecretToken.Parse(secret);
        lock (gate)
        {
            if (given is null || hash is null || isTaken || time.Now() >= endsAt || !SecretToken.Matches(SecretToken.Hash(given), hash))
                return false;
            isTaken = true;
            return true;
        }
    }

    /// <summary>The set-up was made: the secret is good for nothing any more.</summary>
    public void UseUp()
    {
        lock (gate)
            (hash, unprinted) = (null, null);
    }

    /// <summary>The form was not right yet: the same person may send it again.</summary>
    public void GiveBack()
    {
        lock (gate)
            isTaken = false;
    }
}
