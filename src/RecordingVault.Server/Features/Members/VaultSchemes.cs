using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace RecordingVault.Server.Features.Members;

/// <summary>One scheme a request (security.md 9): a token where there is an Authorization header, else the session; on strangers' paths neither.</summary>
internal static class VaultSchemes
{
    public const string Member = "member";
    public const string Session = "session";
    public const string Token = "token";
    public const string Nobody = "nobody";

    // Compared as routing compares them, without regard to case. Links and consent pages have cookies of their own and belong to whatever tenant the link names; bundles and health belong to nobody.
    private static readonly PathString[] NobodysPaths = ["/s", "/c", "/app", "/health"];

    public static void AddVaultSchemes(this IServiceCollection services)
    {
        services.AddAuthentication(Member)
            .AddPolicyScheme(Member, null, options => options.ForwardDefaultSelector = Choose)
            .AddScheme<AuthenticationSchemeOptions, SessionHandler>(Session, null)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(Token, null)
            .AddScheme<AuthenticationSchemeOptions, NobodyHandler>(Nobody, null);
    }

    private static string Choose(HttpContext http) =>
        Array.Exists(NobodysPaths, path => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)) ? Nobody
        : http.Request.Headers.ContainsKey("Authorization") ? Token
        : Session;

    private sealed class NobodyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
