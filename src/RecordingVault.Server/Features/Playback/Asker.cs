using RecordingVault.Server.Data;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// Who asks for content. He proves anew, from rows, that he still may: at each request, and while bytes run whenever a permission of the tenant
/// was taken away. Slices above this one bring askers of their own, so the gate never knows what a link is.
/// </summary>
/// <param name="Actor">As the log tells him.</param>
/// <param name="GrantId">The way he came by: his session, his token, one opening of a link. A release belongs to one grant.</param>
internal abstract record Asker(Actor Actor, Guid GrantId)
{
    /// <summary>What he says that he wants it for. Who says nothing that is known gets nothing.</summary>
    public Purpose For { get; init; }

    /// <summary>The processor that he gets it for, as he says; null where he names none.</summary>
    public Guid? Processor { get; init; }

    /// <summary>What he is given goes into a package, signed, and not to him as it is.</summary>
    public bool IsPacking { get; init; }

    public AuditActorKind Kind => Actor.Kind;

    public Guid Id => Actor.Id ?? throw new InvalidOperationException("Content goes to nobody in particular: an asker has an id.");

    public abstract ValueTask<Standing> StandingAsync(VaultDbContext db, Guid recordingId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Takes note of bytes that were sent to him, where he keeps an account beside the release's own.</summary>
    public virtual Task CountAsync(VaultDbContext db, SentBytes sent, DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <param name="Bytes">Sent since the last count.</param>
/// <param name="AssetLength">Length of what they were sent from.</param>
internal readonly record struct SentBytes(long Bytes, long AssetLength)
{
    public double Share => AssetLength == 0 ? 0 : (double)Bytes / AssetLength;
}

/// <summary>What an asker may, as his rows say at this moment. A standing that nobody filled in allows nothing.</summary>
internal sealed record Standing
{
    public required bool MayView { get; init; }
    public bool MayDownload { get; init; }

    /// <summary>The only purposes that content may leave for, by the names of <see cref="ReleasePurposeNames"/>; null where nobody made such a list.</summary>
    public IReadOnlyList<string>? Purposes { get; init; }

    /// <summary>Whether he belongs to the tenant. To whom does not, content is shown that he was given a link to, and nothing leaves for any other purpose.</summary>
    public bool IsInside { get; init; }

    /// <summary>Whether he was recorded himself, and may see that: to him it is shown as to those inside, and for nothing else.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>Whether a recording marked restricted is open to him whoever added it.</summary>
    public bool SeesRestricted { get; init; }

    /// <summary>The member behind the asker; a member always sees what he added.</summary>
    public Guid? MemberId { get; init; }

    /// <summary>The copy with a visible mark that is made for him: of the film nothing else leaves to him. Null where he is given the film as it is.</summary>
    public Guid? OnlyCopy { get; init; }

    /// <summary>Why he may not, when he may not.</summary>
    public Problem? Refusal { get; init; }

    /// <summary>When his permission ends by itself, and what he is told then.</summary>
    public StandingEnd? End { get; init; }

    public static Standing Refused(Problem reason) => new() { MayView = false, Refusal = reason };
}

internal sealed record StandingEnd(DateTimeOffset At, Problem Reason);
