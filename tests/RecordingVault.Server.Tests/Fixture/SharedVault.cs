using RecordingVault.Server.Tests.Fixture;

[assembly: AssemblyFixture(typeof(SharedVault))]

namespace RecordingVault.Server.Tests.Fixture;

/// <summary>One server for all tests that need nothing of their own; each test makes tenants of its own in it.</summary>
public sealed class SharedVault : IAsyncLifetime
{
    private TestVault? vault;

    public TestVault Vault => vault ?? throw new InvalidOperationException("The shared vault has not started.");

    public async ValueTask InitializeAsync() => vault = await TestVault.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (vault is not null)
            await vault.DisposeAsync();
        await PostgresDatabases.DropTemplateAsync();
    }
}
