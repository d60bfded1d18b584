using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Export.Listing;

/// <summary>Who asked for exports: people by name, and the tokens that they did it with, as far as who looks may see those.</summary>
internal sealed class ExportAskers(VaultDbContext db, TenantKeys keys, MemberDirectory members)
{
    public async Task<(IReadOnlyDictionary<Guid, string> People, IReadOnlyDictionary<Guid, string> Tokens)> OfAsync(HttpContext http, IReadOnlyList<PackageExport> rows, CancellationToken cancellationToken)
    {
        var asked = rows.Select(row => row.MemberId).Distinct().ToList();
        var people = (await db.Users.AsNoTracking().Where(member => asked.Contains(member.Id)).ToListAsync(cancellationToken)).ToDictionary(member => member.Id, members.NameOf);
        var used = rows.Select(row => row.TokenId).OfType<Guid>().Distinct().ToList();
        if (used.Count == 0)
            return (people, new Dictionary<Guid, string>());
        using var key = await keys.DataKeyAsync(cancellationToken);
        var tokens = await db.ApiTokens.AsNoTracking().InSight(http.TokensInSight()).Where(token => used.Contains(token.Id)).Select(token => new { token.Id, token.TenantId, token.Name }).ToListAsync(cancellationToken);
        return (people, tokens.ToDictionary(token => token.Id, token => token.Name.Open(key, token.TenantId, token.Id, ApiToken.NameColumn)));
    }
}
