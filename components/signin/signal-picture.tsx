'use client';

import { useTranslations } from 'use-intl';

/** A release on its way: two stations, a signal between them. Drawn in the words of the product. */
export function SignalPicture() {
  const t = useTranslations('signin');
  const label = 'fill-white/75 text-[13px]';
  return (
    <svg role="img" aria-label={t('picture')} viewBox="0 0 520 260" className="w-full max-w-xl">
      <g fill="none" stroke="white" strokeLinecap="round">
        <path d="M0 176H520" strokeOpacity=".22" strokeWidth="3" />
        <path d="M0 176H262" strokeOpacity=".85" strokeWidth="3" />
        <path d="M110 176c46 0 50-58 96-58h314" strokeOpacity=".14" strokeWidth="3" />
        <path d="M110 176c46 0 50 52 96 52h314" strokeOpacity=".14" strokeWidth="3" />
      </g>
      {[70, 430].map((x, index) => (
        <g key={x}>
          <circle
            cx={x}
            cy="176"
            r="9"
            className="fill-[oklch(0.27_0.09_281)]"
            stroke="white"
            strokeWidth="3"
          />
          {index === 0 ? <circle cx={x} cy="176" r="4" fill="oklch(0.8 0.17 152)" /> : null}
          <text x={x} y="210" textAnchor="middle" className={label}>
            {index === 0 ? t('staging') : t('prod')}
          </text>
        </g>
      ))}
      <g>
        <path d="M286 176V62" stroke="white" strokeWidth="4" strokeLinecap="round" />
        <rect
          x="268"
          y="40"
          width="36"
          height="74"
          rx="18"
          fill="oklch(0.2 0.05 281)"
          stroke="white"
          strokeWidth="3"
        />
        <circle cx="286" cy="61" r="9" fill="oklch(0.82 0.16 80)" />
        <circle cx="286" cy="93" r="9" fill="white" fillOpacity=".14" />
        <text x="286" y="24" textAnchor="middle" className={label}>
          {t('gate')}
        </text>
      </g>
      <g transform="translate(186 158)">
        <rect width="74" height="36" rx="10" fill="white" />
        <rect x="11" y="11" width="4" height="14" rx="2" fill="oklch(0.56 0.14 290)" />
        <text x="22" y="23" className="fill-[oklch(0.35_0.1_285)] font-medium font-mono text-[14px]">
          1.1.0
        </text>
      </g>
    </svg>
  );
}
