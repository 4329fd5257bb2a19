export declare function singleton<Class extends abstract new (...values: never[]) => object>(
  target: Class,
): Class;
