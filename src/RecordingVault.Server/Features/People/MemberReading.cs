using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.People;

/// <param name="JoinedAt">For somebody who had left and came back: since when this time.</param>
/// <param name="MailFailure">In a sentence, why the last letter to this address did not arrive; null where nothing is known to be wrong.</param>
internal sealed record MemberResponse(Guid Id, string Name, string Email, string Role, DateTimeOffset JoinedAt, string? MailFailure);

/// <summary>Who belongs to the tenant, those who joined last first, paged by key.</summary>
internal sealed class MemberReading(VaultDbContext db, MemberDirectory directory, LetterStandings letters, Cursors cursors)
{
    private const string List = "members";

    /// <summary>Null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<MemberResponse>?> PageAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = db.Memberships.AsNoTracking().Where(row => row.EndedAt == null);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
        var items = await OpenAsync([.. rows.Take(limit)], cancellationToken);
        return new PageResponse<MemberResponse>(items, rows.Count > limit ? cursors.Write(List, db.TenantId, rows[limit - 1].Place()) : null);
    }

    /// <summary>Null for who does not belong to the tenant, or not any more.</summary>
    public async Task<MemberResponse?> FindAsync(Guid memberId, CancellationToken cancellationToken) =>
        await db.Memberships.AsNoTracking().SingleOrDefaultAsync(row => row.MemberId == memberId && row.EndedAt == null, cancellationToken) is { } membership
            ? (await OpenAsync([membership], cancellationToken))[0]
            : null;

    private async Task<IReadOnlyList<MemberResponse>> OpenAsync(IReadOnlyList<Membership> memberships, CancellationToken cancellationToken)
    {
        var ids = memberships.Select(row => row.MemberId).ToList();
        var accounts = await db.Users.AsNoTracking().Where(member => ids.Contains(member.Id)).ToDictionaryAsync(member => member.Id, cancellationToken);
        var standings = await letters.FindAsync(ids, cancellationToken);
        return [.. memberships.Select(row => new MemberResponse(
            row.MemberId, directory.NameOf(accounts[row.MemberId]), accounts[row.MemberId].Email!, row.Role.ToString(), row.CreatedAt, standings.GetValueOrDefault(row.MemberId)?.Sentence))];
    }
}
