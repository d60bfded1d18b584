using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <param name="Role">Contributor when absent, or the asker's own role where that is lower.</param>
/// <param name="Days">1 to 365; 90 when absent.</param>
/// <param name="Purposes">What content may leave for: words of TokenPurposes.All. View and download when absent, or the asking token's own; none when empty.</param>
internal sealed record CreateTokenRequest(string? Name, string? Role, int? Days, IReadOnlyList<string?>? Purposes = null);

/// <param name="Token">The whole token, this once.</param>
internal sealed record CreatedTokenResponse(Guid Id, string Name, string Role, IReadOnlyList<string> Purposes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string Token);

internal static class CreateToken
{
    public static async Task<Results<Created<CreatedTokenResponse>, ProblemHttpResult>> Handle(
        CreateTokenRequest request, HttpContext http, VaultDbContext db, TokenMaking making, TimeProvider time, CancellationToken cancellationToken)
    {
        var own = http.User.RoleInTenant();
        if (ReadRole(request.Role, own) is not { } role)
            return Problem.Invalid("role", "is Owner, Admin, Contributor, Viewer or Auditor.").ToResult();
        if (!own.Covers(role))
            return MembersProblems.RoleTooHigh.ToResult();

        if (TokenPurposes.Read(request.Purposes ?? TokenPurposes.Usual) is not { } purposes)
            return Problem.Invalid("purposes", $"each is one of {string.Join(", ", TokenPurposes.All)}.").ToResult();

        var wanted = new NewToken(request.Name ?? "", http.User.MemberId(), role, request.Days ?? NewToken.UsualDays) { MadeByTokenId = http.User.TokenId(), Purposes = purposes };
        if (wanted.Check() is { } wrong)
            return wrong.ToResult();
        if (wanted.MadeByTokenId is { } maker)
        {
            var held = await db.ApiTokens.Where(token => token.Id == maker).Select(token => new { token.ExpiresAt, token.Purposes }).SingleAsync(cancellationToken);
            if (time.Now() + TimeSpan.FromDays(wanted.Days) > held.ExpiresAt)
                return MembersProblems.OutlivesMaker.ToResult();
            if (request.Purposes is null)
                wanted = wanted with { Purposes = TokenPurposes.OfRow(held.Purposes) };
            else if (!TokenPurposes.OfRow(held.Purposes).Cover(purposes))
                return MembersProblems.PurposesTooWide.ToResult();
        }

        if (await making.MakeAsync(wanted, http.Actor(), cancellationToken) is not var (token, text))
            return Problem.Unauthorized.ToResult();
        return TypedResults.Created(
            $"/api/v1/tokens/{token.Id}", new CreatedTokenResponse(token.Id, wanted.Name.Trim(), role.ToString(), wanted.Purposes, token.CreatedAt, token.ExpiresAt, text.Show()));
    }

    private static Role? ReadRole(string? text, Role own) =>
        text is null ? RoleReach.Shared(Role.Contributor, own) ?? own
        : Enum.TryParse<Role>(text, ignoreCase: true, out var role) && Enum.IsDefined(role) && !char.IsAsciiDigit(text[0]) ? role
        : null;
}
