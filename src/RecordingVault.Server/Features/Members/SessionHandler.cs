using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace RecordingVault.Server.Features.Members;

/// <summary>Takes a member's session from its cookie. It only reads: sessions begin in <see cref="SessionDoor"/>.</summary>
internal sealed class SessionHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CheckedSecrets known)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        SessionCookie.ReadHash(Request) is { } hash && await FindAsync(hash) is { } user
            ? AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name))
            : AuthenticateResult.NoResult();

    /// <summary>The rows are read, and a database context is made for them, only where they may say something new.</summary>
    private async ValueTask<ClaimsPrincipal?> FindAsync(byte[] hash) =>
        known.Enter(hash, tokenId: null, Context.RequestServices) ?? await Context.RequestServices.GetRequiredService<SessionReading>().ReadAsync(hash, Context.RequestAborted);
}
