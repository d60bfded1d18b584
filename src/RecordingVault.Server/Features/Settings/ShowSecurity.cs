using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Features.Sessions;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Settings;

/// <summary>GET /settings/security: by what a member shows who he is, and where he is signed in. Each part brings its own model and posts to its own addresses.</summary>
internal static class ShowSecurity
{
    public const string Path = SettingsPaths.Security;

    public static async Task<Results<RazorComponentResult<SecurityPage>, ProblemHttpResult>> Handle(HttpContext http, SecurityAnswer answer, CancellationToken cancellationToken) =>
        http.User.SessionId() is null ? Problem.Forbidden.ToResult() : await answer.PageAsync(http, cancellationToken);
}

internal sealed class SecurityAnswer(PageFrames frames, PasskeyList passkeys, SessionList sessions, MemberFactors factors)
{
    public async Task<RazorComponentResult<SecurityPage>> PageAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken);
        return PageAnswers.Page<SecurityPage>(new SecurityPageModel
        {
            Frame = frame,
            Factors = await factors.PartAsync(http.User.MemberId(), frame, cancellationToken),
            Passkeys = await passkeys.PartAsync(http, frame, cancellationToken),
            Sessions = await sessions.PartAsync(http, frame, cancellationToken),
        });
    }
}
