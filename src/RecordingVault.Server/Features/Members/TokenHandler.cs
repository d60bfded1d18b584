using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>Takes an API token from `Authorization: Bearer …`. Any other use of the header is nobody: cookies are not looked at then.</summary>
internal sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CheckedSecrets known)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && TokenText.Parse(header.AsSpan(Bearer.Length).Trim()) is { } text
            && await FindAsync(text) is { } user
            ? AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name))
            : AuthenticateResult.NoResult();
    }

    /// <summary>The rows are read, and a database context is made for them, only where they may say something new.</summary>
    private async ValueTask<ClaimsPrincipal?> FindAsync(TokenText text)
    {
        var hash = SecretToken.Hash(text.Secret);
        return known.Enter(hash, text.Id, Context.RequestServices) ?? await Context.RequestServices.GetRequiredService<TokenReading>().ReadAsync(text, hash, Context.RequestAborted);
    }
}
