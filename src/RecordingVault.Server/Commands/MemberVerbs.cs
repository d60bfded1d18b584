using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Commands;

/// <summary>`member create`: an account with a password for one sign-in. Who has an account already joins another tenant by an invitation alone, which he accepts himself.</summary>
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

    private static Task CreateAsync(OpenedVault vault, Wanted wanted, CancellationToken cancellationToken) =>
        TenantVerb.RunAsync(vault, wanted.Tenant, "member create", services => CreateAsync(services, wanted, cancellationToken), cancellationToken);

    private static async Task CreateAsync(IServiceProvider services, Wanted wanted, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<VaultDbContext>();
        var creation = services.GetRequiredService<MemberCreation>();
        var known = await services.GetRequiredService<MemberDirectory>().FindCredentialsAsync(wanted.Email, cancellationToken);
        if (known is not null && await db.Memberships.AnyAsync(membership => membership.MemberId == known.MemberId, cancellationToken))
            throw new VerbRefusedException($"{wanted.Email} is a member of this tenant already.");
        if (known is not null)
        {
            throw new VerbRefusedException(
                $"{wanted.Email} has an account in this vault, and nobody is tied to one more tenant without being asked. An Owner or Admin of this tenant invites the address under Settings, Members; its person accepts. "
                + "Where the tenant has no Owner yet, make one with an address that has no account.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(OneTimePasswordBytes));
        var memberId = await AddAccountAsync(creation, wanted, password);
        await creation.JoinAsync(memberId, wanted.Role, TenantVerbs.Operator, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        Console.WriteLine("Password for the first sign-in, which asks for an own one:");
        Console.WriteLine(password);
    }

    private static async Task<Guid> AddAccountAsync(MemberCreation creation, Wanted wanted, string password)
    {
        var member = new NewMember(wanted.Email, wanted.Name?.Trim() is { Length: > 0 } given ? given : wanted.Email.Split('@')[0], password) { MustChangePassword = true, IsAddressProved = true };
        if ((member.Check(wanted.Tenant) ?? await creation.AddAccountAsync(member)) is { } wrong)
            throw new VerbRefusedException($"--{wrong.Field}: {wrong.Sentence}");
        return member.Id;
    }
}
