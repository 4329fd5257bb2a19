/** One futures product. `root` is ProjectX's own name, which differs from the exchange's for many. */
export interface Product {
  readonly exchangeRoot: string;
  readonly root: string;
  readonly tickSize: number;
  /** Money per tick and contract. */
  readonly tickValue: number;
  readonly description: string;
  /** Letters of the delivery months that are traded. */
  readonly months: string;
  /** Whole months between now and the front month's delivery. */
  readonly lead: number;
  /** Where the price walk begins. */
  readonly startPrice: number;
  /** Per contract and side. */
  readonly costs: ProductCosts;
}

/** What a contract costs each time it is bought or sold. */
export interface ProductCosts {
  readonly fees: number;
  readonly commissions: number;
}

const quarterly = 'HMUZ';
const monthly = 'FGHJKMNQUVXZ';
type Row = readonly [
  exchangeRoot: string,
  root: string,
  tickSize: number,
  tickValue: number,
  description: string,
  startPrice: number,
  months?: string,
  lead?: number,
];

/** Ticks and values as in a live list of August 2026; start prices are invented round numbers on a tick. */
const rows: readonly Row[] = [
  ['ES', 'EP', 0.25, 12.5, 'E-mini S&P 500', 6500],
  ['MES', 'MES', 0.25, 1.25, 'Micro E-mini S&P 500', 6500],
  ['NQ', 'ENQ', 0.25, 5, 'E-mini NASDAQ-100', 24000],
  ['MNQ', 'MNQ', 0.25, 0.5, 'Micro E-mini NASDAQ-100', 24000],
  ['YM', 'YM', 1, 5, 'E-mini Dow', 46000],
  ['MYM', 'MYM', 1, 0.5, 'Micro E-mini Dow', 46000],
  ['RTY', 'RTY', 0.1, 5, 'E-mini Russell 2000', 2400],
  ['M2K', 'M2K', 0.1, 0.5, 'Micro E-mini Russell 2000', 2400],
  ['NKD', 'NKD', 5, 25, 'Nikkei 225', 45000],
  ['MBT', 'MBT', 5, 0.5, 'Micro Bitcoin', 90000, monthly, 0],
  ['MET', 'GMET', 0.5, 0.05, 'Micro Ether', 3500, monthly, 0],
  ['GC', 'GCE', 0.1, 10, 'Gold', 4000, 'GJMQZ', 1],
  ['MGC', 'MGC', 0.1, 1, 'Micro Gold', 4000, 'GJMQZ', 1],
  ['SI', 'SIE', 0.005, 25, 'Silver', 48, 'HKNUZ', 1],
  ['SIL', 'SIL', 0.005, 5, 'Micro Silver', 48, 'HKNUZ', 1],
  ['HG', 'CPE', 0.0005, 12.5, 'Copper', 5, 'HKNUZ', 1],
  ['MHG', 'MHG', 0.0005, 1.25, 'Micro Copper', 5, 'HKNUZ', 1],
  ['PL', 'PLE', 0.1, 5, 'Platinum', 1500, 'FJNV', 1],
  ['CL', 'CLE', 0.01, 10, 'Crude Oil', 70, monthly, 1],
  ['MCL', 'MCLE', 0.01, 1, 'Micro Crude Oil', 70, monthly, 1],
  ['QM', 'NQM', 0.025, 12.5, 'E-mini Crude Oil', 70, monthly, 1],
  ['NG', 'NGE', 0.001, 10, 'Natural Gas', 3.5, monthly, 1],
  ['QG', 'NQG', 0.005, 12.5, 'E-mini Natural Gas', 3.5, monthly, 1],
  ['MNG', 'MNG', 0.001, 1, 'Micro Natural Gas', 3.5, monthly, 1],
  ['HO', 'HOE', 0.0001, 4.2, 'Heating Oil', 2.3, monthly, 1],
  ['RB', 'RBE', 0.0001, 4.2, 'Gasoline', 2.1, monthly, 1],
  ['6E', 'EU6', 0.00005, 6.25, 'Euro', 1.165],
  ['M6E', 'M6E', 0.0001, 1.25, 'Micro Euro', 1.165],
  ['E7', 'EEU', 0.0001, 6.25, 'E-mini Euro', 1.165],
  ['6B', 'BP6', 0.0001, 6.25, 'British Pound', 1.34],
  ['M6B', 'M6B', 0.0001, 0.625, 'Micro British Pound', 1.34],
  ['6A', 'DA6', 0.00005, 5, 'Australian Dollar', 0.66],
  ['M6A', 'M6A', 0.0001, 1, 'Micro Australian Dollar', 0.66],
  ['6C', 'CA6', 0.00005, 5, 'Canadian Dollar', 0.72],
  ['6J', 'JY6', 5e-7, 6.25, 'Japanese Yen', 0.0067],
  ['6S', 'SF6', 0.00005, 6.25, 'Swiss Franc', 1.26],
  ['6N', 'NE6', 0.00005, 5, 'New Zealand Dollar', 0.58],
  ['6M', 'MX6', 0.00001, 5, 'Mexican Peso', 0.0535],
  ['ZB', 'USA', 0.03125, 31.25, '30-Year Bond', 117],
  ['UB', 'ULA', 0.03125, 31.25, 'Ultra Bond', 120],
  ['ZN', 'TYA', 0.015625, 15.625, '10-Year Note', 112],
  ['TN', 'TNA', 0.015625, 15.625, 'Ultra 10-Year Note', 115],
  ['ZF', 'FVA', 0.0078125, 7.8125, '5-Year Note', 109],
  ['ZT', 'TUA', 0.00390625, 7.8125, '2-Year Note', 104],
  ['ZC', 'ZCE', 0.25, 12.5, 'Corn', 430, 'HKNUZ', 1],
  ['ZW', 'ZWA', 0.25, 12.5, 'Wheat', 530, 'HKNUZ', 1],
  ['ZS', 'ZSE', 0.25, 12.5, 'Soybeans', 1050, 'FHKNQUX', 1],
  ['ZM', 'ZME', 0.1, 10, 'Soybean Meal', 300, 'FHKNQUVZ', 1],
  ['ZL', 'ZLE', 0.01, 6, 'Soybean Oil', 50, 'FHKNQUVZ', 1],
  ['HE', 'HE', 0.025, 10, 'Lean Hogs', 85, 'GJKMNQVZ', 1],
  ['LE', 'GLE', 0.025, 10, 'Live Cattle', 220, 'GJMQVZ', 1],
];

/**
 * Fees by product. Recorded: MNQ and MES 0.36, MYM 0.37, MCL 0.51 (practice, August 2026; combine, May 2026), ZB 0.89; NQ by the balance of one account. By one client's table of round trips: gold, oil, the euro and
 * their micros. The others are taken after what is most like them, which is a guess; the `fees` option sets any of them.
 */
const feesOf: Readonly<Record<string, number>> = {
  MNQ: 0.36,
  MES: 0.36,
  MYM: 0.37,
  M2K: 0.36,
  ES: 1.39,
  NQ: 1.39,
  YM: 1.39,
  RTY: 1.39,
  NKD: 2.17,
  MBT: 1.02,
  MET: 0.12,
  GC: 1.62,
  SI: 1.62,
  HG: 1.62,
  PL: 1.62,
  MGC: 0.62,
  SIL: 0.62,
  MHG: 0.62,
  CL: 1.52,
  NG: 1.52,
  HO: 1.52,
  RB: 1.52,
  QM: 1.22,
  QG: 0.52,
  MCL: 0.51,
  MNG: 0.51,
  '6E': 1.62,
  '6B': 1.62,
  '6A': 1.62,
  '6C': 1.62,
  '6J': 1.62,
  '6S': 1.62,
  '6N': 1.62,
  '6M': 1.62,
  E7: 0.87,
  M6E: 0.26,
  M6B: 0.26,
  M6A: 0.26,
  ZB: 0.89,
  UB: 0.97,
  ZN: 0.82,
  TN: 0.82,
  ZF: 0.67,
  ZT: 0.67,
  ZC: 2.12,
  ZW: 2.12,
  ZS: 2.12,
  ZM: 2.12,
  ZL: 2.12,
  HE: 2.12,
  LE: 2.12,
};
/** Recorded: 0.25 of MNQ, MES and MYM, 0.50 of ZB; NQ's balance fits 0.50. So it looks like one for micros and one for the rest. */
const commissions = { micro: 0.25, full: 0.5 };

function costsOf(exchangeRoot: string): ProductCosts {
  const isMicro = exchangeRoot.startsWith('M') || exchangeRoot === 'SIL';
  return {
    fees: feesOf[exchangeRoot] ?? 0,
    commissions: isMicro ? commissions.micro : commissions.full,
  };
}

export const products: readonly Product[] = rows.map(
  ([
    exchangeRoot,
    root,
    tickSize,
    tickValue,
    description,
    startPrice,
    months = quarterly,
    lead = 0,
  ]) => ({
    exchangeRoot,
    root,
    tickSize,
    tickValue,
    description,
    months,
    lead,
    startPrice,
    costs: costsOf(exchangeRoot),
  }),
);
