using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Commands;

/// <summary>`member create`: an account with a password for one sign-in; or, for somebody who has an account, one more tenant.</summary>
internal static class MemberVerbs
{
    private const int OneTimePasswordBytes = 15;

    private sealed record Wanted(string Email, string Tenant, Role Role, string? Name);

    public static Command Create()
    {
        var email = new Option<string>("--email") { Description = "The address to sign in with.", Required = true };
        var tenant = new Option<string>("--tenant") { Description = "Name or id of the tenant.", Required = true };
        var role = new Option<Role>("--role") { Description = "Owner, Admin, Contributor, Viewer or Auditor.", Required = true };
        role.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Enum.GetNames<Role>());
        var name = new Option<string>("--name") { Description = "The person's name; otherwise what stands before the @." };
        var command = new Command("create", "Make a member; prints a password for the first sign-in, which asks for an own one.") { email, tenant, role, name };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(
            vault => CreateAsync(vault, new Wanted(parsed.GetRequiredValue(email).Trim(), parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(role), parsed.GetValue(name)), cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task CreateAsync(OpenedVault vault, Wanted wanted, CancellationToken cancellationToken)
    {
        var system = vault.Services.GetRequiredService<SystemScope>();
        var tenantId = await new TenantByName(system).FindAsync(wanted.Tenant, cancellationToken);
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var creation = scope.ServiceProvider.GetRequiredService<MemberCreation>();
        var known = await scope.ServiceProvider.GetRequiredService<MemberDirectory>().FindCredentialsAsync(wanted.Email, cancellationToken);
        if (known is not null && await db.Memberships.AnyAsync(membership => membership.MemberId == known.MemberId, cancellationToken))
            throw new VerbRefusedException($"{wanted.Email} is a member of this tenant already.");

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(OneTimePasswordBytes));
        var memberId = known?.MemberId ?? await AddAccountAsync(creation, wanted, password);
        await creation.JoinAsync(memberId, wanted.Role, TenantVerbs.Operator, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        if (known is not null)
        {
            Console.WriteLine($"{wanted.Email} has an account in this vault; it now belongs to this tenant too. The password stays as it is.");
            return;
        }

        Console.WriteLine("Password for the first sign-in, which asks for an own one:");
        Console.WriteLine(password);
    }

    private static async Task<Guid> AddAccountAsync(MemberCreation creation, Wanted wanted, string password)
    {
        var member = new NewMember(wanted.Email, wanted.Name?.Trim() is { Length: > 0 } given ? given : wanted.Email.Split('@')[0], password) { MustChangePassword = true };
        if ((member.Check() ?? await creation.AddAccountAsync(member)) is { } wrong)
            throw new VerbRefusedException($"--{wrong.Field}: {wrong.Sentence}");
        return member.Id;
    }
}
