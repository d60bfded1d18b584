using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>The removal of a second factor that somebody asked for because it was lost.</summary>
internal interface IRemovalEnding
{
    /// <summary>The member has shown that he has one after all: nothing is taken off.</summary>
    Task EndAsync(Guid memberId, Actor actor, CancellationToken cancellationToken);
}
