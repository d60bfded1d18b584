using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Playback;

/// <summary>A member with his session, or a script with a token of his. Both end with the membership; the weaker role of token and member counts.</summary>
internal sealed record MemberAsker(Actor Actor, Guid MemberId, Guid? SessionId, Guid? TokenId)
    : Asker(Actor, SessionId ?? TokenId ?? throw new ArgumentNullException(nameof(SessionId), "A member comes by a session or a token."))
{
    public static MemberAsker Of(HttpContext http) => new(http.Actor(), http.User.MemberId(), http.User.SessionId(), http.User.TokenId()) { For = UsageTags.Purposes.Of(http.Request, Purpose.ViewInternal), Processor = UsageTags.Purposes.ProcessorOf(http.Request) };

    public override async ValueTask<Standing> StandingAsync(VaultDbContext db, Guid recordingId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var standing = await MemberStanding.ReadAsync(db, new MemberPass(MemberId, SessionId, TokenId), now, cancellationToken);
        return standing is null ? Standing.Refused(Problem.Unauthorized) : StandingOf(standing.Role, MemberId, standing.End) with { Purposes = standing.Purposes };
    }

    /// <summary>What a role is good for at the gate.</summary>
    public static Standing StandingOf(Role role, Guid memberId, DateTimeOffset end)
    {
        var viewer = new Standing { MayView = true, IsInside = true, MemberId = memberId, End = new StandingEnd(end, Problem.Unauthorized) };
        return role switch
        {
            Role.Owner or Role.Admin => viewer with { MayDownload = true, SeesRestricted = true },
            Role.Contributor => viewer with { MayDownload = true },
            Role.Viewer => viewer,
            _ => Standing.Refused(Problem.Forbidden),
        };
    }
}
