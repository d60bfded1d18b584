using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>
/// Who asks, by the one way that a request may come (security.md 9): an API token where there is an Authorization header, else the session of the
/// cookie; on strangers' paths nobody. It only reads: sessions begin in <see cref="SessionDoor"/>. The rows are read, and a database context is made
/// for them, only where they may say something new.
/// </summary>
internal sealed class MemberHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CheckedSecrets known)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    // Compared as routing compares them, without regard to case. Links and consent pages have cookies of their own and belong to whatever tenant the link names; the calendar takes a password of its own; bundles and health belong to nobody.
    private static readonly PathString[] NobodysPaths = ["/s", "/c", "/o", "/calendar", "/app", "/health"];

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Array.Exists(NobodysPaths, path => Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
            return AuthenticateResult.NoResult();
        // Any other use of the header is nobody: cookies are not looked at then.
        var user = Request.Headers.ContainsKey("Authorization") ? await FindByTokenAsync(Request.Headers.Authorization.ToString()) : await FindBySessionAsync();
        return user is null ? AuthenticateResult.NoResult() : AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name));
    }

    private async ValueTask<ClaimsPrincipal?> FindByTokenAsync(string header)
    {
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) || TokenText.Parse(header.AsSpan(Bearer.Length).Trim()) is not { } text)
            return null;
        var hash = SecretToken.Hash(text.Secret);
        return known.Enter(hash, text.Id, Context.RequestServices) ?? await Context.RequestServices.GetRequiredService<TokenReading>().ReadAsync(text, hash, Context.RequestAborted);
    }

    private async ValueTask<ClaimsPrincipal?> FindBySessionAsync() =>
        SessionCookie.ReadHash(Request) is not { } hash ? null
        : known.Enter(hash, tokenId: null, Context.RequestServices) ?? await Context.RequestServices.GetRequiredService<SessionReading>().ReadAsync(hash, !Request.Headers.ContainsKey(SessionReading.UnattendedHeader), Context.RequestAborted);
}
