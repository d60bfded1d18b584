using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Passkeys;

namespace RecordingVault.Server.Features.Operators.Passkeys;

/// <summary>
/// Lets Identity's passkey handler read operators, so that one program checks members' passkeys and theirs. It reads only: an operator is made and removed by
/// verbs on the machine, and his passkeys by <see cref="OperatorPasskeyAdding"/> and <see cref="OperatorPasskeyRemoval"/>.
/// </summary>
internal sealed class OperatorPasskeyStore(VaultDbContext db) : IUserPasskeyStore<Operator>
{
    public static IPasskeyHandler<Operator> Handler(IServiceProvider services)
    {
        var operators = new UserManager<Operator>(
            services.GetRequiredService<OperatorPasskeyStore>(), Options.Create(new IdentityOptions()), new PasswordHasher<Operator>(), [], [],
            services.GetRequiredService<ILookupNormalizer>(), new IdentityErrorDescriber(), services, services.GetRequiredService<ILogger<UserManager<Operator>>>());
        return new PasskeyHandler<Operator>(operators, Options.Create(services.GetRequiredService<PasskeyRules>().ForOperators()));
    }

    public Task<string> GetUserIdAsync(Operator user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public async Task<Operator?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) ? await db.Operators.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) : null;

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Operator user, CancellationToken cancellationToken) =>
        [.. (await db.OperatorPasskeys.AsNoTracking().Where(passkey => passkey.OperatorId == user.Id).ToListAsync(cancellationToken)).Select(passkey => passkey.ToChecked())];

    public async Task<Operator?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await db.OperatorPasskeys.Where(passkey => passkey.CredentialId == credentialId)
            .Join(db.Operators.AsNoTracking(), passkey => passkey.OperatorId, row => row.Id, (_, row) => row).SingleOrDefaultAsync(cancellationToken);

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Operator user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await db.OperatorPasskeys.AsNoTracking().SingleOrDefaultAsync(passkey => passkey.OperatorId == user.Id && passkey.CredentialId == credentialId, cancellationToken))?.ToChecked();

    public Task AddOrUpdatePasskeyAsync(Operator user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task RemovePasskeyAsync(Operator user, byte[] credentialId, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<string?> GetUserNameAsync(Operator user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task SetUserNameAsync(Operator user, string? userName, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<string?> GetNormalizedUserNameAsync(Operator user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task SetNormalizedUserNameAsync(Operator user, string? normalizedName, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<Operator?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<IdentityResult> CreateAsync(Operator user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<IdentityResult> UpdateAsync(Operator user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<IdentityResult> DeleteAsync(Operator user, CancellationToken cancellationToken) => throw ReadsOnly();

    public void Dispose()
    {
        // The context is the scope's.
    }

    private static NotSupportedException ReadsOnly() => new("Only an operator's passkeys are read by way of Identity.");
}
