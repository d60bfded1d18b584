using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Playback;

/// <summary>A member with his session, or a script with a token of his. Both end with the membership; the weaker role of token and member counts.</summary>
internal sealed record MemberAsker(Actor Actor, Guid MemberId, Guid? SessionId, Guid? TokenId)
    : Asker(Actor, SessionId ?? TokenId ?? throw new ArgumentNullException(nameof(SessionId), "A member comes by a session or a token."))
{
    public static MemberAsker Of(HttpContext http) => new(http.Actor(), http.User.MemberId(), http.User.SessionId(), http.User.TokenId());

    public override async ValueTask<Standing> StandingAsync(VaultDbContext db, Guid recordingId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var standing = await MemberStanding.ReadAsync(db, new MemberPass(MemberId, SessionId, TokenId), now, cancellationToken);
        return standing is null ? Standing.Refused(Problem.Unauthorized) : Of(standing.Role, standing.End);
    }

    private Standing Of(Role role, DateTimeOffset end) => role switch
    {
        Role.Owner or Role.Admin => Of(end) with { MayDownload = true, SeesRestricted = true },
        Role.Contributor => Of(end) with { MayDownload = true },
        Role.Viewer => Of(end),
        _ => Standing.Refused(Problem.Forbidden),
    };

    private Standing Of(DateTimeOffset end) => new() { MayView = true, MemberId = MemberId, End = new StandingEnd(end, Problem.Unauthorized) };
}
