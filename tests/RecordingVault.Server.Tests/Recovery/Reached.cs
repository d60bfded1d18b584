using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Mail;

namespace RecordingVault.Server.Tests.Recovery;

/// <summary>Members in more than one tenant, and what reaches them by letter.</summary>
internal static partial class Reached
{
    /// <summary>Two tenants; the owner of the first is a Viewer in the second.</summary>
    public static async Task<(TestTenant Tenant, TestTenant Other)> InTwoAsync(TestVault vault, CancellationToken cancellationToken)
    {
        var tenant = await TestTenant.CreateAsync(vault, cancellationToken);
        var other = await TestTenant.CreateAsync(vault, cancellationToken);
        await JoinAsync(other, tenant.Owner.Id, Role.Viewer, cancellationToken);
        return (tenant, other);
    }

    public static async Task JoinAsync(TestTenant tenant, Guid memberId, Role role, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<MemberCreation>().JoinAsync(memberId, role, Actor.System, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Waits for the letter that is put down after the answer, and gives what stands behind the # of its link.</summary>
    public static async Task<string> LinkAsync(MailingVault vault, MailSink sink, string page, CancellationToken cancellationToken)
    {
        while ((await vault.RowsAsync(cancellationToken)).Count == 0)
            await Task.Delay(10, cancellationToken);
        await vault.SendAsync(cancellationToken);
        return LinkIn(await sink.NextAsync(cancellationToken), page);
    }

    public static string LinkIn(ReceivedLetter letter, string page) =>
        letter.Text.Split('\n').Single(line => line.StartsWith($"http://localhost/{page}#", StringComparison.Ordinal)).Split('#')[1];

    /// <summary>A page without what is new in each.</summary>
    public static string WithoutTokens(string page) => Token().Replace(page, "");

    public static async Task<Member> RowAsync(TestTenant tenant, Guid memberId, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Users.AsNoTracking().SingleAsync(member => member.Id == memberId, cancellationToken);
    }

    [GeneratedRegex("CfDJ8[\\w-]+")]
    private static partial Regex Token();
}
