using System.Security.Claims;

namespace RecordingVault.Server.Features.Recordings.Waiting;

/// <summary>Something that waits for the reader of the library: one line with one action.</summary>
/// <param name="Lead">How many of what, in bold.</param>
/// <param name="Words">The rest of the sentence.</param>
/// <param name="Action">What the link beside it does.</param>
public sealed record WaitingThing(string Icon, string Lead, string Words, string Action, string Href)
{
    /// <summary>Something is wrong, and not only due.</summary>
    public bool IsWrong { get; init; }
}

/// <summary>What a slice knows that waits for somebody. It looks at what he may decide, and at nothing else.</summary>
internal interface IWaitingThings
{
    /// <summary>Null where nothing waits.</summary>
    Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken);
}
