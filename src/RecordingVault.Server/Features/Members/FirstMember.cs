using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>What a start does about the first member: make him from the environment, or open the set-up page for whoever reads standard output.</summary>
internal sealed class FirstMember(MemberDirectory directory, PasswordHashing hashing, VaultCreation creation, SetupInvitation invitation, IOptions<VaultOptions> options, IConfiguration configuration)
{
    private const string PasswordVariable = "Vault__Setup__Password";

    /// <exception cref="VaultStartException">The unattended set-up is not right, or its password still stands in the configuration and is still the owner's.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var isEmpty = await directory.IsEmptyAsync(cancellationToken);
        if (options.Value.Setup is { Email: { } email, Password: { } password, Tenant: { } tenant })
        {
            if (isEmpty)
                await CreateAsync(email, password, tenant, cancellationToken);
            else
                await RequireChangedAsync(email, password, cancellationToken);
            Forget();
        }
        else if (isEmpty)
        {
            invitation.Make();
        }
    }

    private async Task CreateAsync(string email, string password, string tenant, CancellationToken cancellationToken)
    {
        var owner = new NewMember(email, email.Split('@')[0], password) { MustChangePassword = true, IsAddressProved = true };
        if (await creation.CreateAsync(tenant, owner, Actor.System, cancellationToken) is { } wrong)
            throw new VaultStartException($"Vault__Setup__{Variable(wrong.Field)}: {wrong.Sentence}");
    }

    private async Task RequireChangedAsync(string email, string password, CancellationToken cancellationToken)
    {
        if (await directory.FindCredentialsAsync(email, cancellationToken) is { } known
            && hashing.VerifyHashedPassword(new Member(), known.PasswordHash, password) != PasswordVerificationResult.Failed)
        {
            throw new VaultStartException(
                $"{PasswordVariable} is still set and is still the owner's password: whoever reads this environment can sign in. Remove Vault__Setup__Email, {PasswordVariable} and Vault__Setup__Tenant, start, sign in and choose a new password.");
        }
    }

    /// <summary>What was read once is not left for child processes or for whoever looks at the options.</summary>
    private void Forget()
    {
        Environment.SetEnvironmentVariable(PasswordVariable, null);
        // All three: one without the others is a mistake that the check of the settings would find.
        foreach (var name in new[] { nameof(SetupOptions.Email), nameof(SetupOptions.Password), nameof(SetupOptions.Tenant) })
            configuration[$"Vault:Setup:{name}"] = null;
        options.Value.Setup.Password = null;
    }

    private static string Variable(string field) => field switch { "email" or "name" => "Email", "tenant" => "Tenant", _ => "Password" };
}
