using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Platform.Security;

internal static class SecurityRegistration
{
    public static IServiceCollection AddVaultSecurity(this IServiceCollection services)
    {
        services.AddSingleton<PublicAddress>();
        services.AddProblemDetails();
        services.AddExceptionHandler<FaultHandler>();
        services.AddAuthentication();
        services.AddAuthorization(Policies.Configure);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusalAnswers>();
        services.AddAntiforgery(options =>
        {
            options.HeaderName = CrossSiteGuard.TokenHeader;
            options.FormFieldName = CrossSiteGuard.TokenField;
            options.Cookie.Name = "__Host-rv-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            // The framework's own Secure policy refuses http://localhost outright; the cookie policy below makes every cookie Secure, which browsers accept there.
            options.Cookie.SecurePolicy = CookieSecurePolicy.None;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.Configure<FormOptions>(options =>
        {
            options.BufferBodyLengthLimit = CrossSiteGuard.FormLimit;
            options.ValueLengthLimit = CrossSiteGuard.FormLimit;
            options.ValueCountLimit = CrossSiteGuard.FormFields;
            options.KeyLengthLimit = CrossSiteGuard.LongestField;
            options.MultipartBodyLengthLimit = CrossSiteGuard.FormLimit;
            options.MemoryBufferThreshold = CrossSiteGuard.FormLimit;
        });
        services.Configure<CookiePolicyOptions>(options =>
        {
            options.Secure = CookieSecurePolicy.Always;
            options.HttpOnly = Microsoft.AspNetCore.CookiePolicy.HttpOnlyPolicy.Always;
            options.MinimumSameSitePolicy = SameSiteMode.Lax;
        });
        return services;
    }
}
