namespace RecordingVault.Vault.Storage;

/// <summary>Where sealed objects lie.</summary>
public abstract record StoreLocation
{
    private protected StoreLocation()
    {
    }

    internal abstract IObjectStore Open(TimeProvider time);
}

/// <summary>A folder, made where there is none.</summary>
public sealed record FolderLocation(string Directory) : StoreLocation
{
    internal override IObjectStore Open(TimeProvider time) => FolderObjectStore.Open(Directory);
}
